package io.millrace.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.millrace.engine.RunReport.RunState;
import io.millrace.engine.testing.DagTest;
import io.millrace.engine.toys.AnyDag;
import io.millrace.engine.toys.AnyDag.Work;
import io.temporal.client.WorkflowFailedException;
import io.temporal.failure.ApplicationFailure;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class FlowTest {

  private @Nullable DagTest test;

  private DagTest dag(Consumer<Dag> graph) {
    test = AnyDag.of(graph);
    return test;
  }

  @AfterEach
  void stop() {
    if (test != null) {
      test.close();
    }
  }

  @Test
  void aBranchSkipsWhatItDidNotChooseButNotWhatIsAlsoBelowTheChosen() {
    RunReport report =
        dag(dag -> {
              Task<Integer> drift = dag.task("drift", Work.class, Work::act);
              Branch route = dag.branch("route", drift, psi -> psi > 0 ? "tune" : "done");
              Task<Integer> tune = dag.task("tune", Work.class, Work::act).after(route);
              dag.task("done", Work.class, Work::act).after(route);
              dag.task("both", Work.class, Work::act)
                  .after(route, tune)
                  .rule(TriggerRule.NONE_FAILED_MIN_ONE_SUCCESS);
            })
            .run(null);

    assertThat(states(report))
        .containsEntry("tune", "success")
        .containsEntry("done", "skipped")
        .containsEntry("both", "success");
    assertThat(report.task("done").detail()).isEqualTo("route chose tune");
  }

  @Test
  void aBranchThatChoosesWhatIsNotBelowItFailsAndNamesTheChoice() {
    RunReport report =
        dag(dag -> {
              Task<Integer> a = dag.task("a", Work.class, Work::act);
              Branch route = dag.branch("route", a, x -> "nowhere");
              dag.task("b", Work.class, Work::act).after(route);
            })
            .run(null);

    assertThat(report.task("route").detail())
        .isEqualTo("it chose 'nowhere', which is not right below it; choose of [b]");
    assertThat(states(report)).containsEntry("b", "upstream_failed");
  }

  @Test
  void aShortCircuitEndsTheWholeTreeOrOnlyTheNextTasks() {
    RunReport whole = dag(dag -> circuit(dag, false)).run(null);
    assertThat(states(whole))
        .containsEntry("next", "skipped")
        .containsEntry("always", "skipped")
        .containsEntry("beside", "success");
    assertThat(whole.task("always").detail()).isEqualTo("enough ended it");

    RunReport rules = dag(dag -> circuit(dag, true)).run(null);
    assertThat(states(rules)).containsEntry("next", "skipped").containsEntry("always", "success");
  }

  private static void circuit(Dag dag, boolean respectsRules) {
    Task<Integer> rows = dag.task("rows", Work.class, Work::act);
    ShortCircuit enough = dag.shortCircuit("enough", rows, count -> count > 100);
    if (respectsRules) {
      enough.respectingRules();
    }
    Task<Integer> next = dag.task("next", Work.class, Work::act).after(enough);
    dag.task("always", Work.class, Work::act).after(next).rule(TriggerRule.ALL_DONE);
    dag.task("beside", Work.class, Work::act).after(rows);
  }

  @Test
  void aConditionSkipsATask() {
    RunReport report =
        dag(dag -> {
              Task<Integer> count = dag.task("count", Work.class, Work::act);
              dag.task("some", Work.class, Work::act).when(count, n -> n > 0);
              dag.task("many", Work.class, Work::act).when(count, n -> n > 1);
            })
            .run(null);

    assertThat(states(report)).containsEntry("some", "success").containsEntry("many", "skipped");
  }

  @Test
  void aGroupPrefixesItsTasksAndTakesEdgesAtItsEnds() {
    DagTest test =
        dag(
            dag -> {
              Task<Integer> before = dag.task("before", Work.class, Work::act);
              Group silver =
                  dag.group(
                      "silver",
                      group -> {
                        Task<Integer> a = group.task("a", Work.class, Work::act);
                        group.task("b", Work.class, a, Work::actWith);
                      });
              silver.after(before);
              dag.task("after", Work.class, Work::act).after(silver);
            });

    RunReport report = test.run(null);

    assertThat(report.state()).isEqualTo(RunState.SUCCESS);
    assertThat(test.calls()).containsExactly("before", "silver.a", "silver.b", "after");
  }

  @Test
  void aTeardownRunsAfterFailedWorkAndDoesNotHideTheFailure() {
    RunReport report =
        dag(dag -> {
              Task<Integer> up = dag.task("up", Work.class, Work::act);
              Task<Integer> work = dag.task("work", Work.class, Work::act).after(up);
              dag.task("down", Work.class, Work::act).after(work).teardownOf(up);
            })
            .fake("work", args -> fail("broken"))
            .run(null);

    assertThat(report.state()).isEqualTo(RunState.FAILED);
    assertThat(states(report)).containsEntry("work", "failed").containsEntry("down", "success");
  }

  @Test
  void aTeardownDoesNotRunIfItsSetupFailedAndTasksFarBelowDoNotEither() {
    RunReport report = dag(FlowTest::cluster).fake("up", args -> fail("no machines")).run(null);

    assertThat(states(report))
        .containsEntry("work", "upstream_failed")
        .containsEntry("report", "upstream_failed")
        .containsEntry("down", "upstream_failed");
  }

  @Test
  void aTeardownRunsWhenTheRunIsCancelled() {
    DagTest test =
        dag(FlowTest::gatedCluster).start(null).awaitState("ask", NodeState.AWAITING_INPUT);

    test.stub().cancel();

    assertThat(catchThrowable(test::await)).isInstanceOf(WorkflowFailedException.class);
    assertThat(test.calls()).containsExactly("up", "down");
    assertThat(states(test.report())).containsEntry("ask", "skipped");
  }

  @Test
  void aDeadlineStopsTheRunAndLetsTeardownsRun() {
    RunReport report = dag(dag -> gatedCluster(dag.deadline(Duration.ofHours(4)))).run(null);

    assertThat(report.state()).isEqualTo(RunState.FAILED);
    assertThat(report.task("ask").detail()).isEqualTo("the run's deadline of PT4H has passed");
    assertThat(states(report)).containsEntry("down", "success");
  }

  @Test
  void failFastStopsTheOthersAtTheFirstFailure() {
    RunReport report =
        dag(dag -> {
              // After the setup, which would otherwise be stopped too if it were the slower one.
              Task<Integer> up = gatedCluster(dag.failFast());
              dag.task("bad", Work.class, Work::act).after(up);
            })
            .fake("bad", args -> fail("broken"))
            .run(null);

    assertThat(states(report))
        .containsEntry("bad", "failed")
        .containsEntry("ask", "skipped")
        .containsEntry("down", "success");
  }

  private static void cluster(Dag dag) {
    Task<Integer> up = dag.task("up", Work.class, Work::act);
    Task<Integer> work = dag.task("work", Work.class, Work::act).after(up);
    Task<Integer> report =
        dag.task("report", Work.class, Work::act).after(work).rule(TriggerRule.ALL_DONE);
    dag.task("down", Work.class, Work::act).after(work, report).teardownOf(up);
  }

  private static Task<Integer> gatedCluster(Dag dag) {
    Task<Integer> up = dag.task("up", Work.class, Work::act);
    Gate ask = dag.gate("ask").after(up);
    dag.task("down", Work.class, Work::act).after(ask).teardownOf(up);
    return up;
  }

  @Test
  void tasksInACircleFailTheRunAndAreNamed() {
    DagTest test =
        dag(
            dag -> {
              Task<Integer> a = dag.task("a", Work.class, Work::act);
              Task<Integer> b = dag.task("b", Work.class, Work::act).after(a);
              a.after(b);
            });

    assertThat(catchThrowable(() -> test.run(null)))
        .rootCause()
        .hasMessageContaining("These tasks come after each other in a circle: a after b after a");
  }

  @Test
  void crossesAndZipsLists() {
    DagTest test =
        dag(dag -> {
              Task<List<Integer>> left = dag.task("left", Work.class, Work::items);
              Task<List<Integer>> right = dag.task("right", Work.class, Work::items);
              dag.map(
                      "cross",
                      Handle.cross(left, right),
                      Work.class,
                      (work, pair) -> work.both(List.of(pair.left(), pair.right())))
                  .named(pair -> pair.left() + "x" + pair.right());
              dag.map(
                      "zip",
                      Handle.zip(left, right),
                      Work.class,
                      (work, pair) -> work.both(List.of(pair.left(), pair.right())))
                  .named(pair -> pair.left() + "-" + pair.right());
            })
            .fake("left", args -> List.of(1, 2))
            .fake("right", args -> List.of(3, 4));

    test.run(null);

    assertThat(test.calls())
        .contains("cross[1x3]", "cross[1x4]", "cross[2x3]", "cross[2x4]", "zip[1-3]", "zip[2-4]")
        .hasSize(8);
  }

  @Test
  void listsOfDifferentLengthsCannotBeZippedAndFailTheirTaskOnly() {
    RunReport report =
        dag(dag -> {
              Task<List<Integer>> left = dag.task("left", Work.class, Work::items);
              Task<List<Integer>> right = dag.task("right", Work.class, Work::items);
              dag.map("zip", Handle.zip(left, right), Work.class, (work, pair) -> work.act());
              dag.task("beside", Work.class, Work::act).after(left);
            })
            .fake("left", args -> List.of(1, 2))
            .fake("right", args -> List.of(3))
            .run(null);

    assertThat(report.task("zip").detail()).contains("Lists of 2 and 1 items cannot be zipped");
    assertThat(states(report)).containsEntry("beside", "success");
  }

  @Test
  void tooManyChildRunsAreRefused() {
    RunReport report =
        dag(dag -> {
              Task<List<Integer>> list = dag.task("list", Work.class, Work::items);
              dag.mapRuns("runs", list, AnyDag.class, (child, item) -> child.run(null));
            })
            .fake("list", args -> IntStream.range(0, 501).boxed().toList())
            .run(null);

    assertThat(report.task("runs").detail())
        .isEqualTo("501 child runs, at most 500: let each take a batch of items");
  }

  @Test
  void aPoolLimitsTasksAndItems() {
    AtomicInteger running = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    DagTest test =
        dag(dag -> {
              dag.defaults(Policy.DEFAULT.withPool("ovens", 1));
              dag.map("bake", List.of(1, 2, 3, 4, 5, 6), Work.class, Work::actWith);
              dag.task("roast", Work.class, Work::act);
            })
            .otherwise(
                args -> {
                  most.accumulateAndGet(running.incrementAndGet(), Math::max);
                  LockSupport.parkNanos(2_000_000); // long enough for another to overlap
                  running.decrementAndGet();
                  return 1;
                });

    RunReport report = test.run(null);

    assertThat(report.state()).isEqualTo(RunState.SUCCESS);
    assertThat(test.calls()).hasSize(7);
    assertThat(most).hasValue(1);
  }

  static @Nullable Object fail(String why) {
    throw ApplicationFailure.newNonRetryableFailure(why, "Broken");
  }

  static Map<String, String> states(RunReport report) {
    return report.tasks().stream()
        .collect(Collectors.toMap(TaskReport::id, task -> task.state().words()));
  }
}
