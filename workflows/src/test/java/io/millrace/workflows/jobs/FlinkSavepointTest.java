package io.millrace.workflows.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class FlinkSavepointTest {
  private static final Path HISTORIES = Path.of("src/test/resources/histories/flink_savepoint");

  private final DagTest dag =
      DagTest.of(FlinkSavepointImpl.class)
          .fake(
              "take_savepoints",
              args -> {
                SavepointRequest request = args.get(0, SavepointRequest.class);
                if (request.job().equals("sales")) {
                  throw TaskSkipped.because("No job sales runs");
                }
                return new SavepointResult(request.job(), "s3://savepoint", request.keep());
              });

  @AfterEach
  void stop() {
    dag.close();
  }

  @Test
  void takesOneOfEachJobThatRuns() {
    dag.run(null);

    assertThat(dag.calls())
        .contains("take_savepoints[validation]", "take_savepoints[lake]", "take_savepoints[sales]");
    assertThat(dag.states()).containsEntry("take_savepoints", NodeState.SUCCESS);
  }

  @Test
  void aRunForAPastDateDoesNothingAndShowsIt() {
    RunReport past =
        DatedRun.ofBackfill(
            dag, FlinkSavepoint.NAME, Instant.parse("2019-10-01T06:00:00Z"), Map.of());

    assertThat(past.tasks())
        .filteredOn(task -> !task.id().equals("latest_only"))
        .extracting(TaskReport::state)
        .containsOnly(NodeState.SKIPPED);
  }

  @Test
  void refusesToKeepFewerThanTwo() {
    assertThatThrownBy(() -> dag.run(Map.of("keep", 1)))
        .hasStackTraceContaining("keep must be 2 to 1000");
  }

  /** Also leaves today's history in {@code target}, to be stored beside the others. */
  @Test
  void replaysStoredRunsAndTodays() {
    Path today = Path.of("target/histories/flink_savepoint/taken.json");
    dag.run(null);
    dag.record(today);

    HistoryReplay.replayAll(today.getParent(), FlinkSavepointImpl.class);
    HistoryReplay.replayAll(HISTORIES, FlinkSavepointImpl.class);
  }
}
