package io.millrace.workflows.lake;

import io.millrace.engine.Summary;

/**
 * The lake could be reached and read.
 *
 * @param endpoint address of the object store
 * @param bucket the bucket that was found
 */
public record LakeCheck(String endpoint, String bucket) implements Summary {
  @Override
  public String summary() {
    return "%s at %s".formatted(bucket, endpoint);
  }
}
