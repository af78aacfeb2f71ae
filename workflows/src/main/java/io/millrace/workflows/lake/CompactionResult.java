package io.millrace.workflows.lake;

import io.millrace.engine.Summary;

/**
 * What became one.
 *
 * @param objects how many objects left the lake
 * @param bytes size of the one that holds their lines now
 */
public record CompactionResult(int objects, long bytes) implements Summary {
  @Override
  public String summary() {
    return "%,d objects, %,d bytes".formatted(objects, bytes);
  }
}
