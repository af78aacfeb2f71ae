package io.millrace.workflows.lake;

import io.millrace.engine.Summary;

/**
 * What was too old.
 *
 * @param removed objects that were deleted
 * @param kept objects as old that were not, because the warehouse has not loaded them
 */
public record RetentionResult(long removed, long kept) implements Summary {
  @Override
  public String summary() {
    return "%,d objects deleted, %,d not loaded yet and kept".formatted(removed, kept);
  }
}
