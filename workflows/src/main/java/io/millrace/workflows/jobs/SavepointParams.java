package io.millrace.workflows.jobs;

import java.util.List;

/**
 * What a run of {@link FlinkSavepoint} can be told. In JSON every field may be left out, and then
 * has its default.
 *
 * @param jobs of which
 * @param keep how many savepoints of each job stay, the newest; older ones are deleted
 */
public record SavepointParams(List<String> jobs, int keep) {
  /** What a run without params uses. */
  public static final SavepointParams DEFAULT = new SavepointParams(DeployParams.JOBS, 7);

  /**
   * Checks each field.
   *
   * @throws IllegalArgumentException naming the field, its value and what is allowed
   */
  public SavepointParams {
    jobs = jobs.stream().distinct().toList();
    for (String job : jobs) {
      HealthLimits.check(
          DeployParams.JOBS.contains(job),
          "jobs",
          job,
          "must be of " + String.join(", ", DeployParams.JOBS));
    }
    HealthLimits.check(!jobs.isEmpty(), "jobs", jobs, "must name one at least");
    // The newest may be what a job has just started from.
    HealthLimits.check(keep >= 2 && keep <= 1_000, "keep", keep, "must be 2 to 1000");
  }
}
