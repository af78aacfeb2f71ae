package io.millrace.workflows.warehouse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import io.millrace.engine.NodeState;
import io.millrace.engine.RunReport;
import io.millrace.engine.TaskSkipped;
import io.millrace.engine.asset.Asset;
import io.millrace.engine.asset.AssetCondition;
import io.millrace.engine.asset.AssetEvent;
import io.millrace.engine.asset.AssetSchedule;
import io.millrace.engine.asset.Assets;
import io.millrace.engine.testing.DagTest;
import io.millrace.engine.testing.HistoryReplay;
import io.millrace.workflows.lake.DaySlice;
import io.millrace.workflows.lake.HourScope;
import io.millrace.workflows.lake.IngestResult;
import io.millrace.workflows.lake.LakeBatch;
import io.millrace.workflows.lake.LakeCheck;
import io.millrace.workflows.lake.LakeHours;
import io.millrace.workflows.lake.LakeListing;
import io.millrace.workflows.operations.DatedRun;
import io.millrace.workflows.operations.ShippedAssets;
import io.millrace.workflows.quality.BronzeCheck;
import io.millrace.workflows.quality.BronzeReport;
import io.millrace.workflows.quality.QualityReport;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DataPipelineTest {

  private static final Path HISTORIES = Path.of("src/test/resources/histories/data_pipeline");

  private static final Instant FIVE = Instant.parse("2019-10-01T05:00:00Z");

  private final AtomicReference<LakeListing> listing = new AtomicReference<>();
  private final AtomicReference<BronzeCheck> checked = new AtomicReference<>();
  private final DagTest dag =
      DagTest.of(DataPipelineImpl.class)
          .fake("check_minio_connection", args -> new LakeCheck("http://s3", "bucket"))
          .fake(
              "list_new_objects",
              args -> {
                listing.set(args.get(0, LakeListing.class));
                return List.of(
                    new LakeBatch("a", List.of(1L, 2L), 200), new LakeBatch("b", List.of(3L), 90));
              })
          .fake("ingest_raw_data", args -> new IngestResult(2, 0, 50, 0, 0, List.of()))
          .fake(
              "quality_check_raw_data",
              args -> {
                checked.set(args.get(0, BronzeCheck.class));
                return bronze(
                    true, List.of(new DaySlice("2019-10-01", 60), new DaySlice("2019-10-02", 40)));
              })
          .fake(
              "transform_data", args -> new DayResult(args.get(0, DaySlice.class).day(), 50, 49, 1))
          .fake(
              "load_dimensions_and_facts",
              args -> new GoldResult(List.of("2019-10-01", "2019-10-02"), 98, 9, 8, 7, 6, 0))
          .fake("quality_check_gold_data", args -> new QualityReport("gold", true, "12 of 12"));

  @AfterEach
  void stop() {
    dag.close();
  }

  @Test
  void walksFromTheLakeToGold() {
    RunReport report = dag.run(null);

    assertThat(dag.states())
        .containsExactly(
            entry("check_minio_connection", NodeState.SUCCESS),
            entry("list_new_objects", NodeState.SUCCESS),
            entry("ingest_raw_data", NodeState.SUCCESS),
            entry("quality_check_raw_data", NodeState.SUCCESS),
            entry("transform_data", NodeState.SUCCESS),
            entry("load_dimensions_and_facts", NodeState.SUCCESS),
            entry("quality_check_gold_data", NodeState.SUCCESS));
    assertThat(report.task("ingest_raw_data").progress()).isEqualTo("2/2");
    assertThat(dag.calls())
        .contains("ingest_raw_data[a]", "ingest_raw_data[b]")
        .contains("transform_data[2019-10-01]", "transform_data[2019-10-02]");
  }

  @Test
  void takesDefaultsForWhatTheParamsLeaveOut() {
    dag.run(Map.of("maxObjects", 7));

    assertThat(listing.get().maxObjects()).isEqualTo(7);
    assertThat(listing.get().scope()).isEqualTo(DataPipelineParams.DEFAULT.lakeScope());
    assertThat(checked.get().limits()).isEqualTo(DataPipelineParams.DEFAULT.limits());
  }

  @Test
  void aRunByHandTakesWhateverIsNew() {
    dag.run(null);

    assertThat(listing.get().hours()).isNull();
    assertThat(listing.get().before()).isNull();
    assertThat(checked.get().hours()).isNull();
  }

  @Test
  void aScheduledRunTakesWhatIsNewUpToTheEndOfItsInterval() {
    DatedRun.ofSchedule(dag, DataPipeline.NAME, FIVE);

    assertThat(listing.get().hours()).isNull();
    assertThat(listing.get().before()).isEqualTo(FIVE);
    assertThat(checked.get().hours()).isNull();
  }

  @Test
  void aRunOfABackfillAndItsRerunTakeExactlyTheirHours() {
    LakeHours hours = new LakeHours(FIVE, FIVE.plus(1, ChronoUnit.HOURS));

    DatedRun.ofBackfill(dag, DataPipeline.NAME, FIVE, Map.of());
    assertThat(listing.get().hours()).isEqualTo(hours);
    assertThat(listing.get().before()).isNull();
    assertThat(listing.get().removeEmpty()).isNull();
    assertThat(checked.get().hours())
        .isEqualTo(new HourScope(DataPipelineParams.DEFAULT.lakeScope(), hours));

    DatedRun.ofBackfillAgain(dag, DataPipeline.NAME, FIVE);
    assertThat(listing.get().hours()).isEqualTo(hours);
  }

  @Test
  void theParamStandsAboveTheKindOfTheRun() {
    DatedRun.ofBackfill(dag, DataPipeline.NAME, FIVE, Map.of("scope", "new"));
    assertThat(listing.get().hours()).isNull();
    assertThat(listing.get().before()).isEqualTo(FIVE);

    dag.run(
        Map.of(
            "scope",
            "interval",
            "removeEmptyHours",
            true,
            "$run",
            Map.of("logicalDate", FIVE.toString(), "intervalEnd", "2019-10-01T08:00:00Z")));
    assertThat(listing.get().hours())
        .isEqualTo(new LakeHours(FIVE, FIVE.plus(3, ChronoUnit.HOURS)));
    assertThat(listing.get().removeEmpty()).isTrue();
  }

  @Test
  void tellsThoseWhoWaitForGoldOnlyWhenThereIsSomeNew() {
    dag.run(null);
    Assets assets = new Assets(dag.client(), DataPipeline.NAME);
    assets.declare(
        List.of(
            new AssetSchedule(
                "report",
                DataPipeline.NAME,
                AssetCondition.all(ShippedAssets.GOLD_EVENTS, new Asset("another")))));

    int before = assets.events().size();
    dag.run(null);
    assertThat(assets.events())
        .hasSize(before + 1)
        .extracting(AssetEvent::asset)
        .containsOnly(ShippedAssets.GOLD_EVENTS.name());

    dag.fake(
            "list_new_objects",
            args -> {
              throw TaskSkipped.because("no new objects");
            })
        .run(null);
    assertThat(assets.events()).hasSize(before + 1);
  }

  @Test
  void tellsOfAFailedRun() {
    dag.fake("quality_check_raw_data", args -> bronze(false, List.of())).run(null);

    assertThat(dag.notifications()).singleElement().asString().contains("failed");
  }

  @Test
  void anHourWithoutNewObjectsIsGreenAndSkipsTheRest() {
    dag.fake(
            "list_new_objects",
            args -> {
              throw TaskSkipped.because("no new objects");
            })
        .run(null);

    assertThat(dag.states())
        .containsEntry("check_minio_connection", NodeState.SUCCESS)
        .containsEntry("list_new_objects", NodeState.SKIPPED)
        .containsEntry("ingest_raw_data", NodeState.SKIPPED)
        .containsEntry("quality_check_gold_data", NodeState.SKIPPED);
  }

  @Test
  void aFailedBronzeCheckBlocksSilverAndGold() {
    dag.fake("quality_check_raw_data", args -> bronze(false, List.of())).run(null);

    assertThat(dag.states())
        .containsEntry("quality_check_raw_data", NodeState.FAILED)
        .containsEntry("transform_data", NodeState.UPSTREAM_FAILED)
        .containsEntry("load_dimensions_and_facts", NodeState.UPSTREAM_FAILED);
    assertThat(dag.report().task("quality_check_raw_data").detail()).contains("1 of 9 fails");
  }

  @Test
  void oneFailedBatchFailsTheRunAfterItsNeighbourHasLoaded() {
    dag.fake(
            "ingest_raw_data",
            args -> {
              if (args.get(0, LakeBatch.class).name().equals("b")) {
                throw new IllegalStateException("disk full");
              }
              return new IngestResult(2, 0, 50, 0, 0, List.of());
            })
        .run(null);

    assertThat(dag.report().task("ingest_raw_data").progress()).isEqualTo("2/2");
    assertThat(dag.report().task("ingest_raw_data").detail()).contains("b", "disk full");
    assertThat(dag.states()).containsEntry("transform_data", NodeState.UPSTREAM_FAILED);
  }

  @Test
  void refusesAWrongParamByItsName() {
    assertThatThrownBy(() -> dag.run(Map.of("paralelism", 2)))
        .hasStackTraceContaining("paralelism");
    assertThatThrownBy(() -> dag.run(Map.of("parallelism", 0)))
        .hasStackTraceContaining("parallelism");
  }

  /** Also leaves today's history in {@code target}, to be stored beside the others. */
  @Test
  void replaysStoredRunsAndTodays() {
    Path today = Path.of("target/histories/data_pipeline/loaded.json");
    dag.run(null);
    dag.record(today);

    HistoryReplay.replayAll(today.getParent(), DataPipelineImpl.class);
    HistoryReplay.replayAll(HISTORIES, DataPipelineImpl.class);
  }

  private static BronzeReport bronze(boolean passed, List<DaySlice> days) {
    String summary = passed ? "9 of 9 hold" : "1 of 9 fails: bronze.events.price";
    return new BronzeReport(new QualityReport("raw_data_suite", passed, summary), days);
  }
}
