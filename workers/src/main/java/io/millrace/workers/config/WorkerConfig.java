package io.millrace.workers.config;

import java.time.Duration;
import java.util.List;

/**
 * How much one worker process does at once.
 *
 * @param activities most activities at once on the queue {@code millrace}; these mostly wait
 * @param trainings most activities at once on the queue {@code millrace-training}; these compute
 * @param workflowTasks most workflow tasks at once
 * @param cachedWorkflows workflows kept in memory between their tasks
 * @param shutdownGrace how long running activities may take to finish after SIGTERM
 * @param versioning whether a run ends on the code that began it
 */
public record WorkerConfig(
    int activities,
    int trainings,
    int workflowTasks,
    int cachedWorkflows,
    Duration shutdownGrace,
    Versioning versioning) {
  private static final String ACTIVITIES = "worker.activities";
  private static final String TRAININGS = "worker.trainings";
  private static final String WORKFLOW_TASKS = "worker.workflow-tasks";
  private static final String CACHED_WORKFLOWS = "worker.cached-workflows";
  private static final String SHUTDOWN_GRACE = "worker.shutdown-grace";

  private static final String VERSIONING = "worker.versioning";

  /** How the versions of the workers are kept apart. */
  public enum Versioning {
    /** Pinned; a worker promotes its version if no worker of the promoted one is alive. */
    AUTO,
    /** Pinned; a version takes new runs once somebody promotes it. */
    PINNED,
    /** All workers run whatever comes. */
    OFF
  }

  static final List<ConfigKey> KEYS =
      List.of(
          ConfigKey.optional(ACTIVITIES, "16", "most activities at once (queue millrace)"),
          ConfigKey.optional(
              TRAININGS,
              Integer.toString(Runtime.getRuntime().availableProcessors()),
              "most trials at once (queue millrace-training); default: the processors"),
          ConfigKey.optional(WORKFLOW_TASKS, "50", "most workflow tasks at once"),
          ConfigKey.optional(CACHED_WORKFLOWS, "600", "workflows kept in memory"),
          ConfigKey.optional(
              SHUTDOWN_GRACE, "20s", "time that activities get to finish after SIGTERM"),
          ConfigKey.optional(
              VERSIONING, "auto", "a run ends on the code that began it: auto, pinned or off"));

  public WorkerConfig {
    Checks.between(ACTIVITIES, activities, 1, 10_000);
    Checks.between(TRAININGS, trainings, 1, 1_000);
    Checks.between(WORKFLOW_TASKS, workflowTasks, 2, 10_000);
    Checks.between(CACHED_WORKFLOWS, cachedWorkflows, 1, 100_000);
    Checks.positive(SHUTDOWN_GRACE, shutdownGrace);
  }

  public static WorkerConfig from(Settings settings) {
    return new WorkerConfig(
        settings.integer(ACTIVITIES),
        settings.integer(TRAININGS),
        settings.integer(WORKFLOW_TASKS),
        settings.integer(CACHED_WORKFLOWS),
        settings.duration(SHUTDOWN_GRACE),
        settings.oneOf(VERSIONING, Versioning.class));
  }
}
