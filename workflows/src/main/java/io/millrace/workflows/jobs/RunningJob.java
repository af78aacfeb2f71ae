package io.millrace.workflows.jobs;

import io.millrace.engine.Summary;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What ran when a deployment of a job began.
 *
 * @param job its name
 * @param deployment names this deployment; the ids of what it does follow from it
 * @param id Flink's id; null if none ran
 * @param build SHA-256 of its jar; null if none ran or it does not say
 * @param parallelism its default; 0 if none ran
 */
public record RunningJob(
    String job, String deployment, @Nullable String id, @Nullable String build, int parallelism)
    implements Summary {

  /**
   * An id for a step of this deployment, the same whenever the step is tried: 32 hex digits.
   *
   * @param step for example {@code new} for the job that is started
   */
  public String derivedId(String step) {
    String text = deployment + "/" + job + "/" + step;
    return UUID.nameUUIDFromBytes(text.getBytes(StandardCharsets.UTF_8))
        .toString()
        .replace("-", "");
  }

  @Override
  public String summary() {
    return id == null
        ? "none runs"
        : "job %s, build %s, parallelism %d"
            .formatted(id, build == null ? "unknown" : JobBuild.brief(build), parallelism);
  }
}
