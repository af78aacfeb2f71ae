package io.millrace.workflows.jobs;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a run of {@link FlinkDeploy} can be told. In JSON every field may be left out, and then has
 * its default.
 *
 * @param jobs which, in the order in which they are replaced
 * @param jar the build: a path on the worker's machine, or {@code s3://bucket/key} in the workers'
 *     object store, or the SHA-256 of one that was deployed before; null: the worker's own build
 * @param parallelism of the new jobs; null: as they run now
 * @param withoutSavepoint when no savepoint can be taken, because the job is in trouble: cancel it,
 *     and go on from its newest checkpoint, with which its output agrees as well
 * @param allowNonRestoredState start although the state has an operator that the build lacks, and
 *     forget that operator's
 * @param startSeconds how long each new job may take to its first checkpoint; for this and the
 *     others see {@link HealthLimits}
 * @param windowSeconds how long it is watched then
 * @param minCheckpoints that must complete
 * @param maxFailedCheckpoints that may fail
 * @param maxRestarts that may be
 * @param maxBackPressurePercent that an operator may stand under all the time
 * @param maxLag records that it may lie behind at the end
 */
public record DeployParams(
    List<String> jobs,
    @Nullable String jar,
    @Nullable Integer parallelism,
    boolean withoutSavepoint,
    boolean allowNonRestoredState,
    int startSeconds,
    int windowSeconds,
    int minCheckpoints,
    int maxFailedCheckpoints,
    int maxRestarts,
    int maxBackPressurePercent,
    @Nullable Long maxLag) {
  /** Every job that there is, in the order of the stream. */
  public static final List<String> JOBS =
      List.of("validation", "lake", "features", "alerts", "sales");

  /** What a run without params uses. */
  public static final DeployParams DEFAULT = of(JOBS, HealthLimits.DEFAULT);

  private static final int MAX = 32_768;

  /**
   * Checks each field.
   *
   * @throws IllegalArgumentException naming the field, its value and what is allowed
   */
  public DeployParams {
    jobs = jobs.stream().distinct().toList();
    for (String job : jobs) {
      HealthLimits.check(JOBS.contains(job), "jobs", job, "must be of " + String.join(", ", JOBS));
    }
    HealthLimits.check(!jobs.isEmpty(), "jobs", jobs, "must name one at least");
    HealthLimits.check(jar == null || !jar.isBlank(), "jar", "", "must not be empty");
    HealthLimits.check(
        parallelism == null || (parallelism >= 1 && parallelism <= MAX),
        "parallelism",
        String.valueOf(parallelism),
        "must be 1 to " + MAX);
    HealthLimits unused =
        new HealthLimits(
            startSeconds,
            windowSeconds,
            minCheckpoints,
            maxFailedCheckpoints,
            maxRestarts,
            maxBackPressurePercent,
            maxLag);
  }

  /** These jobs, with this worker's build. */
  public static DeployParams of(List<String> jobs, HealthLimits health) {
    return new DeployParams(
        jobs,
        null,
        null,
        false,
        false,
        health.startSeconds(),
        health.windowSeconds(),
        health.minCheckpoints(),
        health.maxFailedCheckpoints(),
        health.maxRestarts(),
        health.maxBackPressurePercent(),
        health.maxLag());
  }

  /** What the new jobs must be like to stay. */
  HealthLimits health() {
    return new HealthLimits(
        startSeconds,
        windowSeconds,
        minCheckpoints,
        maxFailedCheckpoints,
        maxRestarts,
        maxBackPressurePercent,
        maxLag);
  }
}
