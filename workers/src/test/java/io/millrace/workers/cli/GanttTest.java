package io.millrace.workers.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.NodeState;
import io.millrace.engine.Operation;
import io.millrace.engine.RunReport;
import io.millrace.engine.RunReport.RunState;
import io.millrace.engine.TaskReport;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A run as lines of text. */
class GanttTest {
  private static final Instant START = Instant.parse("2026-11-20T00:00:00Z");

  private static final RunReport RUN =
      new RunReport(
          "mill",
          "mill-1",
          RunState.RUNNING,
          START,
          START,
          "{}",
          List.of(
              task("list", NodeState.SUCCESS, 0L, 10L),
              task("a_task_with_a_name_that_is_far_too_long", NodeState.FAILED, 10L, 20L),
              task("short", NodeState.SUCCESS, 10L, 0L),
              task("slow", NodeState.RUNNING, 20L, null),
              task("gate", NodeState.AWAITING_INPUT, 30L, null),
              task("last", NodeState.NONE, null, null)),
          List.of(new Operation(START.plusSeconds(5), "hold the run", "ana", "looks odd")),
          null);

  @Test
  void drawsABarForEachTaskThatStarted() {
    List<String> lines = Gantt.lines(RUN, START.plusSeconds(40), 80);

    assertThat(lines)
        .containsExactly(
            "  + list                             |========                      |    10.0 s",
            "  x a_task_with_a_name_that_is_far_~ |        xxxxxxxxxxxxxxx       |    20.0 s",
            "  + short                            |        =                     |     0.0 s",
            "  > slow                             |               >>>>>>>>>>>>>>>|    20.0 s",
            "  ? gate                             |                       ???????|    10.0 s",
            "  . last                             |                              |",
            "                                     0                         40.0 s");
    assertThat(lines).allSatisfy(line -> assertThat(line).hasSizeLessThan(80));
  }

  @Test
  void aRunInWhichNothingHasStartedHasNoBars() {
    RunReport nothing =
        new RunReport(
            "mill",
            "mill-1",
            RunState.RUNNING,
            START,
            START,
            "{}",
            List.of(task("list", NodeState.NONE, null, null)),
            List.of(),
            null);

    assertThat(Gantt.lines(nothing, START, 60).get(0)).startsWith("  . list |").doesNotContain("=");
    assertThat(Gantt.lines(nothing, START, 10)).hasSize(2);
  }

  @Test
  void theTreeMarksEachStateAndTellsWhatPeopleDid() {
    assertThat(RunTree.lines(RUN))
        .startsWith("mill-1  running")
        .anyMatch(line -> line.startsWith("  ? gate"))
        .endsWith("  2026-11-20T00:00:05Z  hold the run by ana: looks odd");
  }

  private static TaskReport task(String id, NodeState state, Long startSecond, Long seconds) {
    return new TaskReport(
        id,
        state,
        null,
        startSecond == null ? null : START.plusSeconds(startSecond),
        seconds == null ? null : Duration.ofSeconds(seconds),
        "",
        "");
  }
}
