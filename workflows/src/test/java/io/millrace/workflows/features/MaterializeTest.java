package io.millrace.workflows.features;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import io.millrace.engine.NodeState;
import io.millrace.engine.RunReport;
import io.millrace.engine.TaskReport;
import io.millrace.engine.TaskSkipped;
import io.millrace.engine.testing.DagTest;
import io.millrace.engine.testing.HistoryReplay;
import io.millrace.workflows.operations.DatedRun;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class MaterializeTest {
  private static final Path HISTORIES = Path.of("src/test/resources/histories/materialize");

  private final AtomicReference<MaterializeRequest> request = new AtomicReference<>();
  private final DagTest dag =
      DagTest.of(MaterializeImpl.class)
          .fake("check_online_store", args -> new OnlineCheck("7.0"))
          .fake(
              "materialize_features",
              args -> {
                request.set(args.get(0, MaterializeRequest.class));
                return new MaterializeResult(12, 3, 1);
              });

  @AfterEach
  void stop() {
    dag.close();
  }

  @Test
  void writesWhatIsNewAndAllWhenItIsTold() {
    dag.run(null);
    assertThat(request.get()).isEqualTo(new MaterializeRequest(FeatureScope.INCREMENTAL, 1_000));
    assertThat(dag.states())
        .containsExactly(
            entry("latest_only", NodeState.SUCCESS),
            entry("check_online_store", NodeState.SUCCESS),
            entry("materialize_features", NodeState.SUCCESS));

    dag.run(Map.of("full", true));
    assertThat(request.get().scope()).isEqualTo(FeatureScope.FULL);
  }

  @Test
  void anHourWithoutNewEventsIsGreen() {
    dag.fake(
            "materialize_features",
            args -> {
              throw TaskSkipped.because("nothing");
            })
        .run(null);

    assertThat(dag.states()).containsEntry("materialize_features", NodeState.SKIPPED);
  }

  @Test
  void aRunForAPastDateDoesNothingAndShowsIt() {
    RunReport past =
        DatedRun.ofBackfill(dag, Materialize.NAME, Instant.parse("2019-10-01T06:00:00Z"), Map.of());

    assertThat(past.tasks())
        .filteredOn(task -> !task.id().equals("latest_only"))
        .extracting(TaskReport::state)
        .containsOnly(NodeState.SKIPPED);
  }

  @Test
  void refusesAWrongParamByItsName() {
    assertThatThrownBy(() -> dag.run(Map.of("batchRows", 0))).hasStackTraceContaining("batchRows");
  }

  /** Also leaves today's history in {@code target}, to be stored beside the others. */
  @Test
  void replaysStoredRunsAndTodays() {
    Path today = Path.of("target/histories/materialize/written.json");
    dag.run(null);
    dag.record(today);

    HistoryReplay.replayAll(today.getParent(), MaterializeImpl.class);
    HistoryReplay.replayAll(HISTORIES, MaterializeImpl.class);
  }
}
