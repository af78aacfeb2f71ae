package io.millrace.workflows.jobs;

import io.millrace.engine.Summary;
import org.jspecify.annotations.Nullable;

/**
 * Where a job stopped.
 *
 * @param job its name
 * @param from the savepoint or checkpoint to go on from; null: the newest that the program finds
 */
public record StoppedJob(String job, @Nullable String from) implements Summary {
  @Override
  public String summary() {
    return from == null ? "none ran" : from;
  }
}
