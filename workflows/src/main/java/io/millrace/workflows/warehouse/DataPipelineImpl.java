package io.millrace.workflows.warehouse;

import io.millrace.engine.Dag;
import io.millrace.engine.DagWorkflow;
import io.millrace.engine.DataInterval;
import io.millrace.engine.Handle;
import io.millrace.engine.Mapped;
import io.millrace.engine.Policy;
import io.millrace.engine.Task;
import io.millrace.workflows.lake.DaySlice;
import io.millrace.workflows.lake.IngestResult;
import io.millrace.workflows.lake.LakeActivities;
import io.millrace.workflows.lake.LakeBatch;
import io.millrace.workflows.lake.LakeCheck;
import io.millrace.workflows.operations.ShippedAssets;
import io.millrace.workflows.operations.ShippedOperations;
import io.millrace.workflows.quality.BronzeCheck;
import io.millrace.workflows.quality.BronzeReport;
import io.millrace.workflows.quality.GoldCheck;
import io.millrace.workflows.quality.QualityActivities;
import io.millrace.workflows.quality.QualityReport;
import java.time.Duration;
import java.util.List;

/**
 * The graph of {@link DataPipeline}: bronze by batches of objects, silver by days, gold at once.
 */
public final class DataPipelineImpl extends DagWorkflow<DataPipelineParams>
    implements DataPipeline {
  /** A store that is down for minutes, or a worker that is killed, costs retries and no run. */
  private static final Policy POLICY =
      Policy.PATIENT.withAttemptTimeout(Duration.ofHours(1)).withHeartbeat(Duration.ofSeconds(15));

  /** A run that takes longer raises an alert: it delays the next ones. */
  private static final Duration LATE = Duration.ofHours(2);

  @Override
  protected DataPipelineParams defaults() {
    return DataPipelineParams.DEFAULT;
  }

  @Override
  protected void define(Dag dag, DataPipelineParams params, DataInterval interval) {
    ShippedOperations operations = ShippedOperations.ofCurrentRun();
    operations.alerts(dag, LATE);
    dag.defaults(POLICY);
    Task<LakeCheck> check =
        dag.task(
                "check_minio_connection",
                LakeActivities.class,
                lake -> lake.check(params.lakeScope()))
            .policy(POLICY.withAttemptTimeout(Duration.ofMinutes(2)));
    Task<List<LakeBatch>> batches =
        dag.task(
                "list_new_objects",
                LakeActivities.class,
                lake -> lake.listNew(params.listing(interval)))
            .after(check)
            .skipRunOnSkip();
    Mapped<LakeBatch, IngestResult> bronze =
        dag.map("ingest_raw_data", batches, LakeActivities.class, LakeActivities::ingest)
            .named(LakeBatch::name)
            .maxActive(params.parallelism())
            .policy(operations.warehouse(POLICY));
    Task<BronzeReport> checked =
        dag.check(
            "quality_check_raw_data",
            QualityActivities.class,
            bronze,
            (quality, ingested) ->
                quality.checkBronze(
                    BronzeCheck.of(params.limits(), params.hours(interval), ingested)));
    Handle<List<DaySlice>> days = checked.derive(BronzeReport::days);
    Mapped<DaySlice, DayResult> silver =
        dag.map("transform_data", days, WarehouseActivities.class, WarehouseActivities::transform)
            .named(DaySlice::day)
            .maxActive(params.parallelism())
            .policy(operations.warehouse(POLICY));
    Task<GoldResult> gold =
        dag.task(
                "load_dimensions_and_facts",
                WarehouseActivities.class,
                warehouse -> warehouse.loadGold(new GoldLoad(params.parallelism())))
            .after(silver)
            .policy(operations.warehouse(POLICY));
    Task<QualityReport> verified =
        dag.check(
            "quality_check_gold_data",
            QualityActivities.class,
            gold,
            (quality, loaded) -> quality.checkGold(new GoldCheck(params.limits(), loaded.days())));
    operations.outlet(verified, ShippedAssets.GOLD_EVENTS);
  }
}
