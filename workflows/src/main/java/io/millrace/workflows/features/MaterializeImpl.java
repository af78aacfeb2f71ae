package io.millrace.workflows.features;

import io.millrace.engine.Dag;
import io.millrace.engine.DagWorkflow;
import io.millrace.engine.DataInterval;
import io.millrace.engine.Policy;
import io.millrace.engine.Task;
import io.millrace.workflows.operations.ShippedOperations;
import java.time.Duration;

/**
 * The graph of {@link Materialize}. It writes what is not online yet, whatever its data interval:
 * {@code latest_only} skips runs for past dates.
 */
public final class MaterializeImpl extends DagWorkflow<MaterializeParams> implements Materialize {
  private static final Policy POLICY =
      Policy.PATIENT.withAttemptTimeout(Duration.ofHours(1)).withHeartbeat(Duration.ofSeconds(30));

  @Override
  protected MaterializeParams defaults() {
    return MaterializeParams.DEFAULT;
  }

  @Override
  protected void define(Dag dag, MaterializeParams params, DataInterval interval) {
    ShippedOperations operations = ShippedOperations.ofCurrentRun();
    operations.alerts(dag, Duration.ofHours(2));
    dag.defaults(POLICY);
    Task<OnlineCheck> check =
        dag.task("check_online_store", FeatureActivities.class, FeatureActivities::checkOnlineStore)
            .policy(POLICY.withAttemptTimeout(Duration.ofMinutes(1)))
            .after(operations.latestOnly(dag));
    dag.task(
            "materialize_features",
            FeatureActivities.class,
            features -> features.materialize(params.request()))
        .after(check)
        .policy(operations.warehouse(POLICY));
  }
}
