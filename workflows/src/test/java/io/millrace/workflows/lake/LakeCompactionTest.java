package io.millrace.workflows.lake;

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
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LakeCompactionTest {
  private static final Path HISTORIES = Path.of("src/test/resources/histories/lake_compaction");

  private final DagTest dag =
      DagTest.of(LakeCompactionImpl.class)
          .fake(
              "plan_compaction",
              args -> List.of(new CompactionTarget(1, "a"), new CompactionTarget(2, "b")))
          .fake("compact_objects", args -> new CompactionResult(6, 1_000))
          .fake(
              "apply_retention",
              args -> {
                throw TaskSkipped.because("no policy");
              });

  @AfterEach
  void stop() {
    dag.close();
  }

  @Test
  void writesEveryNewObjectOfThePlan() {
    dag.run(null);

    assertThat(dag.calls()).contains("compact_objects[a]", "compact_objects[b]");
    assertThat(dag.states())
        .containsEntry("compact_objects", NodeState.SUCCESS)
        .containsEntry("apply_retention", NodeState.SKIPPED);
  }

  @Test
  void aRunForAPastDateDoesNothingAndShowsIt() {
    RunReport past =
        DatedRun.ofBackfill(
            dag, LakeCompaction.NAME, Instant.parse("2019-10-01T06:00:00Z"), Map.of());

    assertThat(past.tasks())
        .filteredOn(task -> !task.id().equals("latest_only"))
        .extracting(TaskReport::state)
        .containsOnly(NodeState.SKIPPED);
  }

  @Test
  void refusesAWrongParamByItsName() {
    assertThatThrownBy(() -> dag.run(Map.of("minObjects", 1)))
        .hasStackTraceContaining("minObjects");
    assertThatThrownBy(() -> dag.run(Map.of("retentionDays", Map.of("lake", 0))))
        .hasStackTraceContaining("retentionDays.lake");
  }

  /** Also leaves today's history in {@code target}, to be stored beside the others. */
  @Test
  void replaysStoredRunsAndTodays() {
    Path today = Path.of("target/histories/lake_compaction/compacted.json");
    dag.run(null);
    dag.record(today);

    HistoryReplay.replayAll(today.getParent(), LakeCompactionImpl.class);
    HistoryReplay.replayAll(HISTORIES, LakeCompactionImpl.class);
  }
}
