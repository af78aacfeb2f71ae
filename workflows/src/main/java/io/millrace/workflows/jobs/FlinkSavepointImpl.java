package io.millrace.workflows.jobs;

import io.millrace.engine.Dag;
import io.millrace.engine.DagWorkflow;
import io.millrace.engine.DataInterval;
import io.millrace.engine.Policy;
import io.millrace.workflows.operations.ShippedOperations;
import java.time.Duration;

/**
 * The graph of {@link FlinkSavepoint}: one task a job. A savepoint is of the present, whatever the
 * data interval: {@code latest_only} skips runs for past dates.
 */
public final class FlinkSavepointImpl extends DagWorkflow<SavepointParams>
    implements FlinkSavepoint {

  @Override
  protected SavepointParams defaults() {
    return SavepointParams.DEFAULT;
  }

  @Override
  protected void define(Dag dag, SavepointParams params, DataInterval interval) {
    ShippedOperations operations = ShippedOperations.ofCurrentRun();
    operations.alerts(dag, Duration.ofHours(1));
    dag.defaults(
        Policy.PATIENT
            .withAttemptTimeout(Duration.ofMinutes(15))
            .withHeartbeat(Duration.ofSeconds(20)));
    dag.map(
            "take_savepoints",
            params.jobs(),
            JobActivities.class,
            (jobs, job) -> jobs.savepoint(new SavepointRequest(job, params.keep())))
        .named(job -> job)
        .maxActive(2)
        .after(operations.latestOnly(dag));
  }
}
