package io.millrace.workflows.jobs;

import io.millrace.engine.Dag;
import io.millrace.engine.DagWorkflow;
import io.millrace.engine.DataInterval;
import io.millrace.engine.Policy;
import java.time.Duration;

/** The graph of {@link FlinkSavepoint}: one task a job. */
public final class FlinkSavepointImpl extends DagWorkflow<SavepointParams>
    implements FlinkSavepoint {

  @Override
  protected SavepointParams defaults() {
    return SavepointParams.DEFAULT;
  }

  @Override
  protected void define(Dag dag, SavepointParams params, DataInterval interval) {
    dag.defaults(
        Policy.DEFAULT
            .withRetries(3, Duration.ofSeconds(5))
            .withAttemptTimeout(Duration.ofMinutes(15))
            .withHeartbeat(Duration.ofSeconds(20)));
    dag.map(
            "take_savepoints",
            params.jobs(),
            JobActivities.class,
            (jobs, job) -> jobs.savepoint(new SavepointRequest(job, params.keep())))
        .named(job -> job)
        .maxActive(2);
  }
}
