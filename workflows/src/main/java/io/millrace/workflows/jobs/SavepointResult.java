package io.millrace.workflows.jobs;

import io.millrace.engine.Summary;

/**
 * A savepoint that was taken.
 *
 * @param job its name
 * @param path where it lies
 * @param deleted how many old ones were deleted
 */
public record SavepointResult(String job, String path, int deleted) implements Summary {
  @Override
  public String summary() {
    return "%s, %d deleted".formatted(path, deleted);
  }
}
