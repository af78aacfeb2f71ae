package io.millrace.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.engine.RunReport.RunState;
import io.millrace.engine.testing.DagTest;
import io.millrace.engine.toys.AnyDag;
import io.millrace.engine.toys.MillActivities.Weighing;
import io.millrace.engine.toys.MillDag;
import io.millrace.engine.toys.MillDag.MillParams;
import io.temporal.api.history.v1.HistoryEvent;
import io.temporal.common.converter.EncodedValues;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DagRunTest {

  private final DagTest mill =
      DagTest.of(MillDag.Impl.class)
          .fake("sacks", args -> sacks(args.get(0, Integer.class)))
          .fake("grind", args -> 10)
          .fake("weigh", args -> new Weighing(kilos(args), 5))
          .fake("bake", args -> "bread")
          .fake("sweep", args -> List.of());

  @AfterEach
  void stop() {
    mill.close();
  }

  @Test
  void runsEveryTaskInTheOrderOfItsEdges() {
    RunReport report = mill.run(null);

    assertThat(report.state()).isEqualTo(RunState.SUCCESS);
    assertThat(states(report))
        .containsOnlyKeys("sacks", "grind", "weigh", "bake", "sweep")
        .values()
        .allMatch(state -> state == NodeState.SUCCESS);
    assertThat(report.task("grind").progress()).isEqualTo("3/3");
    assertThat(report.task("weigh").detail()).isEqualTo("30 kg, at least 5");
    assertThat(mill.calls())
        .startsWith("sacks")
        .contains("grind[sack-0]", "grind[sack-1]", "grind[sack-2]")
        .endsWith("weigh", "bake", "sweep");
  }

  /** {@code {"$run": {"rerunOf": …}}}, as a person types it. */
  @Test
  void aRerunStartedByHandIsAboutWhatTheFirstRunWasAbout() {
    Map<String, Object> interval =
        Map.of("logicalDate", "2026-02-01T00:00:00Z", "intervalEnd", "2026-02-02T00:00:00Z");
    RunReport first = mill.run(Map.of("sacks", 5, "$run", interval));

    RunReport again = mill.run(Map.of("$run", Map.of("rerunOf", first.runId())));
    RunReport other = mill.run(Map.of("sacks", 2, "$run", Map.of("rerunOf", again.runId())));

    assertThat(again)
        .returns(first.logicalDate(), RunReport::logicalDate)
        .returns(first.intervalEnd(), RunReport::intervalEnd)
        .returns(first.params(), RunReport::params);
    assertThat(other.params()).contains("2");
    assertThat(other.logicalDate()).isEqualTo(first.logicalDate());
    assertThat(other.task("grind").progress()).isEqualTo("2/2");
  }

  @Test
  void skipsWhatIsBelowAnEmptyListAndStaysGreen() {
    RunReport report = mill.run(new MillParams(0));

    assertThat(report.state()).isEqualTo(RunState.SUCCESS);
    assertThat(states(report))
        .containsEntry("grind", NodeState.SKIPPED)
        .containsEntry("bake", NodeState.SKIPPED)
        .containsEntry("sweep", NodeState.SUCCESS);
    assertThat(report.task("weigh").detail()).isEqualTo("grind skipped");
  }

  @Test
  void aFailedCheckBlocksWhatIsBelowItAndSaysWhy() {
    mill.fake("grind", args -> 1);

    RunReport report = mill.run(null);

    assertThat(report.task("weigh").detail()).isEqualTo("3 kg, at least 5");
    assertThat(states(report))
        .containsEntry("weigh", NodeState.FAILED)
        .containsEntry("bake", NodeState.UPSTREAM_FAILED)
        .containsEntry("sweep", NodeState.SUCCESS);
  }

  @Test
  void aFailedItemFailsTheMapAfterTheOthersEnded() {
    mill.fake(
        "grind",
        args -> {
          if (args.get(0, String.class).equals("sack-1")) {
            throw new IllegalStateException("the stone broke");
          }
          return 10;
        });

    RunReport report = mill.run(null);

    assertThat(report.task("grind"))
        .returns(NodeState.FAILED, TaskReport::state)
        .returns("3/3", TaskReport::progress);
    assertThat(report.task("grind").detail()).contains("1 of 3", "sack-1", "the stone broke");
    assertThat(mill.calls()).filteredOn("grind[sack-1]"::equals).hasSize(2);
  }

  @Test
  void anActivityMaySkipItsTask() {
    mill.fake(
        "sacks",
        args -> {
          throw TaskSkipped.because("the cart is empty");
        });

    RunReport report = mill.run(null);

    assertThat(report.task("sacks"))
        .returns(NodeState.SKIPPED, TaskReport::state)
        .returns("the cart is empty", TaskReport::detail);
    assertThat(report.state()).isEqualTo(RunState.SUCCESS);
  }

  @Test
  void holdsNoThreadForATaskSoThatHundredsOfItemsFit() {
    RunReport report = mill.run(new MillParams(Mapped.MAX_IN_RUN));

    assertThat(report.task("grind").progress()).isEqualTo("500/500");
  }

  @Test
  void worksOffMoreItemsInChildRunsOf500Each() {
    RunReport report = mill.run(new MillParams(2 * MapChunk.SIZE + 7));

    assertThat(report.task("grind"))
        .returns(NodeState.SUCCESS, TaskReport::state)
        .returns("1007/1007", TaskReport::progress);
    assertThat(report.task("weigh").detail()).isEqualTo("10070 kg, at least 5");
    assertThat(mill.calls()).filteredOn(call -> call.startsWith("grind[")).hasSize(1_007);
    assertThat(mill.client().fetchHistory("%s/grind[0..499]".formatted(report.runId())).getEvents())
        .hasSizeLessThan(4_096);
  }

  @Test
  void theItemsOfAChunkMayBeDifferentActivities() {
    AnyDag.redefine(
        dag ->
            dag.map(
                "mixed",
                IntStream.range(0, Mapped.MAX_IN_RUN + 100).boxed().toList(),
                AnyDag.Work.class,
                (work, item) -> item % 2 == 0 ? work.act() : work.actWith(item)));
    try (DagTest any = DagTest.of(AnyDag.Impl.class).otherwise(EncodedValues::getSize)) {
      RunReport report = any.run(null);

      String chunk = report.runId() + "/mixed[0..499]";
      assertThat(
              any.client().fetchHistory(chunk).getEvents().stream()
                  .filter(HistoryEvent::hasActivityTaskScheduledEventAttributes)
                  .map(e -> e.getActivityTaskScheduledEventAttributes().getActivityType().getName())
                  .distinct())
          .containsExactlyInAnyOrder("Do", "DoWith");
    }
  }

  @Test
  void failedItemsOfAChunkFailTheMapAndAreNamed() {
    mill.fake(
        "grind",
        args -> {
          if (args.get(0, String.class).equals("sack-700")) {
            throw new IllegalStateException("the stone broke");
          }
          return 10;
        });

    RunReport report = mill.run(new MillParams(Mapped.MAX_IN_RUN + 300));

    assertThat(report.task("grind").detail())
        .isEqualTo("1 of 800 items failed; sack-700: IllegalStateException: the stone broke");
  }

  @Test
  void failsTheTestThatForgotAFake() {
    DagTest forgetful = DagTest.of(MillDag.Impl.class).fake("sweep", args -> List.of());

    try (forgetful) {
      assertThatThrownBy(() -> forgetful.run(null))
          .isInstanceOf(AssertionError.class)
          .hasMessageContaining("No fake for [sacks]");
    }
  }

  private static List<String> sacks(int count) {
    return IntStream.range(0, count).mapToObj(i -> "sack-" + i).toList();
  }

  private static int kilos(EncodedValues args) {
    List<?> flour = args.get(0, List.class);
    return flour.stream().mapToInt(kilos -> ((Number) kilos).intValue()).sum();
  }

  private static Map<String, NodeState> states(RunReport report) {
    return report.tasks().stream().collect(Collectors.toMap(TaskReport::id, TaskReport::state));
  }
}
