package io.millrace.workflows.jobs;

import io.temporal.activity.ActivityInterface;
import io.temporal.activity.ActivityMethod;
import org.jspecify.annotations.Nullable;

/**
 * Steps of a deployment, on any Flink cluster with a REST interface. Each looks at what runs before
 * it acts: tried again after its worker was killed, it stops and submits nothing twice.
 */
@ActivityInterface
public interface JobActivities {

  /** Keeps the jar where every worker finds it, for this deployment and to come back to. */
  @ActivityMethod(name = "store_build")
  JobBuild store(@Nullable String jar);

  /** Says what runs under a job's name, and names the deployment that is about to begin. */
  @ActivityMethod(name = "find_running_job")
  RunningJob findRunning(String job);

  /**
   * Stops the job with a savepoint, at which its output ends. Fails, and leaves it running, if five
   * savepoints fail, unless it may do without.
   */
  @ActivityMethod(name = "stop_job")
  StoppedJob stop(StopRequest request);

  /** Submits the new job; from the newest state there is if nothing was stopped. */
  @ActivityMethod(name = "start_job")
  StartedJob start(StartRequest request);

  /** Watches the new job for the window, or until it is certain that it is not well. */
  @ActivityMethod(name = "watch_job")
  HealthReport watch(HealthRequest request);

  /** If the new job is not well: ends it, and has the build before go on from the newest state. */
  @ActivityMethod(name = "settle_job")
  DeployOutcome settle(OutcomeRequest request);

  /** Takes a savepoint of a running job, and deletes its oldest ones. Skips one that is not up. */
  @ActivityMethod(name = "savepoint_job")
  SavepointResult savepoint(SavepointRequest request);
}
