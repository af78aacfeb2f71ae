package io.millrace.workflows.serving;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.engine.NodeState;
import io.millrace.engine.TaskSkipped;
import io.millrace.engine.testing.DagTest;
import io.millrace.engine.testing.HistoryReplay;
import io.millrace.workflows.lake.IngestResult;
import io.millrace.workflows.lake.LakeBatch;
import io.millrace.workflows.lake.LakeCheck;
import io.millrace.workflows.lake.LakeHours;
import io.millrace.workflows.lake.LakeListing;
import io.millrace.workflows.lake.LakeScope;
import io.millrace.workflows.operations.DatedRun;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LoadPredictionsTest {
  private static final Path HISTORIES = Path.of("src/test/resources/histories/load_predictions");

  private final AtomicReference<LakeListing> listing = new AtomicReference<>();
  private final DagTest dag =
      DagTest.of(LoadPredictionsImpl.class)
          .fake("check_minio_connection", args -> new LakeCheck("http://s3", "predictions-bucket"))
          .fake(
              "list_new_predictions",
              args -> {
                listing.set(args.get(0, LakeListing.class));
                return List.of(
                    new LakeBatch("a", List.of(1L, 2L), 10), new LakeBatch("b", List.of(3L), 5));
              })
          .fake("ingest_predictions", args -> new IngestResult(1, 0, 10, 0, 0, List.of()));

  @AfterEach
  void stop() {
    dag.close();
  }

  @Test
  void loadsEveryBatchOfTheListing() {
    dag.run(null);

    assertThat(dag.calls()).contains("ingest_predictions[a]", "ingest_predictions[b]");
    assertThat(listing.get().scope())
        .isEqualTo(new LakeScope("predictions-bucket", "topics/model.predictions/"));

    dag.run(Map.of("bucket", "other"));
    assertThat(listing.get().scope().bucket()).isEqualTo("other");
  }

  @Test
  void aRunOfABackfillTakesExactlyItsHourAndOneOfTheScheduleWhatIsNew() {
    Instant nominal = Instant.parse("2019-10-01T05:10:00Z");

    DatedRun.ofBackfill(dag, LoadPredictions.NAME, nominal, Map.of());
    assertThat(listing.get().hours())
        .isEqualTo(
            new LakeHours(
                Instant.parse("2019-10-01T05:00:00Z"), Instant.parse("2019-10-01T06:00:00Z")));

    DatedRun.ofSchedule(dag, LoadPredictions.NAME, nominal);
    assertThat(listing.get().hours()).isNull();
    assertThat(listing.get().before()).isEqualTo(nominal);
  }

  @Test
  void anHourWithoutPredictionsIsGreen() {
    dag.fake(
            "list_new_predictions",
            args -> {
              throw TaskSkipped.because("nothing");
            })
        .run(null);

    assertThat(dag.states())
        .containsEntry("list_new_predictions", NodeState.SKIPPED)
        .containsEntry("ingest_predictions", NodeState.SKIPPED);
  }

  @Test
  void refusesAWrongParamByItsName() {
    assertThatThrownBy(() -> dag.run(Map.of("batchObjects", 0)))
        .hasStackTraceContaining("batchObjects");
  }

  /** Also leaves today's history in {@code target}, to be stored beside the others. */
  @Test
  void replaysStoredRunsAndTodays() {
    Path today = Path.of("target/histories/load_predictions/loaded.json");
    dag.run(null);
    dag.record(today);

    HistoryReplay.replayAll(today.getParent(), LoadPredictionsImpl.class);
    HistoryReplay.replayAll(HISTORIES, LoadPredictionsImpl.class);
  }
}
