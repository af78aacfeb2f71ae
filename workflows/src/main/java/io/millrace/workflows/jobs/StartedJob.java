package io.millrace.workflows.jobs;

import io.millrace.engine.Summary;
import org.jspecify.annotations.Nullable;

/**
 * A job that was submitted.
 *
 * @param job its name
 * @param id Flink's id
 * @param build SHA-256 of its jar
 * @param from what it goes on from; null: what the program found
 */
public record StartedJob(String job, String id, String build, @Nullable String from)
    implements Summary {
  @Override
  public String summary() {
    return "job %s, build %s".formatted(id, JobBuild.brief(build));
  }
}
