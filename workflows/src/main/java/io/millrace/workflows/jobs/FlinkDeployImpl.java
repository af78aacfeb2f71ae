package io.millrace.workflows.jobs;

import io.millrace.engine.Dag;
import io.millrace.engine.DagWorkflow;
import io.millrace.engine.DataInterval;
import io.millrace.engine.Policy;
import io.millrace.engine.Task;
import io.millrace.engine.Upstream;
import io.millrace.workflows.operations.ShippedOperations;
import java.time.Duration;

/**
 * The graph of {@link FlinkDeploy}: a group a job, each after the one before was found healthy.
 *
 * <p>{@code outcome} is a teardown, so that it also runs when the run is cancelled between a stop
 * and a start. A deployment is of the present, whatever the data interval: {@code latest_only}
 * skips runs for past dates.
 */
public final class FlinkDeployImpl extends DagWorkflow<DeployParams> implements FlinkDeploy {
  private static final Policy POLICY =
      Policy.PATIENT
          .withAttemptTimeout(Duration.ofMinutes(15))
          .withHeartbeat(Duration.ofSeconds(20));

  @Override
  protected DeployParams defaults() {
    return DeployParams.DEFAULT;
  }

  @Override
  protected void define(Dag dag, DeployParams params, DataInterval interval) {
    ShippedOperations operations = ShippedOperations.ofCurrentRun();
    operations.alerts(dag, Duration.ofHours(2));
    dag.defaults(POLICY);
    Task<JobBuild> build =
        dag.task("store_build", JobActivities.class, jobs -> jobs.store(params.jar()))
            .after(operations.latestOnly(dag));
    Upstream before = build;
    for (String job : params.jobs()) {
      before = replace(dag, job, params, build, before);
    }
  }

  private static Upstream replace(
      Dag dag, String job, DeployParams params, Task<JobBuild> build, Upstream before) {
    Task<RunningJob> running =
        dag.task(job + ".find_running", JobActivities.class, jobs -> jobs.findRunning(job))
            .after(before);
    Task<StoppedJob> stopped =
        dag.task(
            job + ".stop_with_savepoint",
            JobActivities.class,
            running,
            (jobs, was) -> jobs.stop(new StopRequest(was, params.withoutSavepoint())));
    Task<StartedJob> started =
        dag.task(
            job + ".start",
            JobActivities.class,
            build,
            running,
            stopped,
            (jobs, jar, was, from) -> jobs.start(new StartRequest(jar, was, from, params)));
    Task<HealthReport> health =
        dag.check(
                job + ".health",
                JobActivities.class,
                started,
                (jobs, is) -> jobs.watch(new HealthRequest(is, params.health())))
            .policy(POLICY.withAttemptTimeout(params.health().longest()));
    Task<DeployOutcome> unused =
        dag.task(
                job + ".outcome",
                JobActivities.class,
                running,
                health,
                (jobs, was, report) -> jobs.settle(new OutcomeRequest(was, report)))
            .teardownOf(running);
    return health;
  }
}
