package io.millrace.workflows.serving;

import io.millrace.engine.Dag;
import io.millrace.engine.DagWorkflow;
import io.millrace.engine.DataInterval;
import io.millrace.engine.Policy;
import io.millrace.engine.Task;
import io.millrace.workflows.lake.LakeActivities;
import io.millrace.workflows.lake.LakeBatch;
import io.millrace.workflows.lake.LakeCheck;
import io.millrace.workflows.operations.ShippedOperations;
import java.time.Duration;
import java.util.List;

/** The graph of {@link LoadPredictions}. */
public final class LoadPredictionsImpl extends DagWorkflow<LoadPredictionsParams>
    implements LoadPredictions {
  private static final Policy POLICY =
      Policy.PATIENT.withAttemptTimeout(Duration.ofHours(1)).withHeartbeat(Duration.ofSeconds(15));

  @Override
  protected LoadPredictionsParams defaults() {
    return LoadPredictionsParams.DEFAULT;
  }

  @Override
  protected void define(Dag dag, LoadPredictionsParams params, DataInterval interval) {
    ShippedOperations operations = ShippedOperations.ofCurrentRun();
    operations.alerts(dag, Duration.ofHours(2));
    dag.defaults(POLICY);
    Task<LakeCheck> check =
        dag.task(
                "check_minio_connection",
                LakeActivities.class,
                lake -> lake.check(params.lakeScope()))
            .policy(POLICY.withAttemptTimeout(Duration.ofMinutes(2)));
    Task<List<LakeBatch>> batches =
        dag.task(
                "list_new_predictions",
                PredictionActivities.class,
                predictions -> predictions.listNew(params.listing(interval)))
            .after(check)
            .skipRunOnSkip();
    dag.map("ingest_predictions", batches, PredictionActivities.class, PredictionActivities::load)
        .named(LakeBatch::name)
        .maxActive(params.parallelism())
        .policy(operations.warehouse(POLICY));
  }
}
