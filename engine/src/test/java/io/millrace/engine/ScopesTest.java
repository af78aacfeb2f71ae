package io.millrace.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.RunReport.RunState;
import io.millrace.engine.notify.Notification;
import io.millrace.engine.testing.DagTest;
import io.millrace.engine.toys.AnyDag;
import io.millrace.engine.toys.AnyDag.Work;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A task of a setup's scope starts only while the setup stands; a failed teardown is seen. */
class ScopesTest {

  private static final Policy ONCE = Policy.DEFAULT.withRetries(0, Duration.ofSeconds(1));

  private final Set<String> broken = ConcurrentHashMap.newKeySet();
  private final DagTest test = AnyDag.of(ScopesTest::pipeline);

  ScopesTest() {
    for (String task : List.of("up", "other", "work", "down")) {
      test.fake(task, args -> broken.contains(task) ? FlowTest.fail("broken") : 1);
    }
  }

  @AfterEach
  void stop() {
    test.close();
  }

  private static void pipeline(Dag dag) {
    dag.defaults(ONCE);
    Task<Integer> up = dag.task("up", Work.class, Work::act);
    Task<Integer> other = dag.task("other", Work.class, Work::act).after(up);
    Task<Integer> work = dag.task("work", Work.class, Work::act).after(up);
    dag.task("down", Work.class, Work::act).after(work, other).teardownOf(up);
  }

  private List<String> callsOf(Runnable step) {
    int before = test.calls().size();
    step.run();
    return test.calls().subList(before, test.calls().size());
  }

  @Test
  void aRerunOfFailedWorkRunsItsSetupAndTeardownAgain() {
    broken.add("work");
    String former = test.run(null).runId();
    broken.clear();

    assertThat(callsOf(() -> test.run(Map.of("$run", Map.of("rerunOf", former)))))
        .containsExactly("up", "work", "down");
  }

  @Test
  void aRerunOfAFailedTeardownRunsOnlyThat() {
    AnyDag.redefine(
        dag -> {
          pipeline(dag);
          dag.failOnAnyFailure();
        });
    broken.add("down");
    RunReport first = test.run(null);
    assertThat(first.state()).isEqualTo(RunState.FAILED);
    broken.clear();

    assertThat(callsOf(() -> test.run(Map.of("$run", Map.of("rerunOf", first.runId())))))
        .containsExactly("down");
  }

  @Test
  void clearingFailedWorkRunsItsSetupAndTeardownAgain() {
    AnyDag.redefine(
        dag -> {
          pipeline(dag);
          dag.holdOnFailure();
        });
    broken.add("work");
    test.start(null).awaitState("work", NodeState.FAILED).awaitState("down", NodeState.SUCCESS);
    broken.clear();

    List<String> ran =
        callsOf(
            () -> {
              test.stub()
                  .update(
                      "clear",
                      List.class,
                      new DagRunOps.Clear(List.of(), false, null, false, null, "ana", ""));
              test.await();
            });

    assertThat(ran).containsExactly("up", "work", "down");
  }

  @Test
  void nestedSetupsRunAgainFromTheOutside() {
    AnyDag.redefine(
        dag -> {
          dag.defaults(ONCE);
          Task<Integer> up = dag.task("up", Work.class, Work::act);
          Task<Integer> inner = dag.task("other", Work.class, Work::act).after(up);
          Task<Integer> work = dag.task("work", Work.class, Work::act).after(inner);
          Task<Integer> close =
              dag.task("close", Work.class, Work::act).after(work).teardownOf(inner);
          dag.task("down", Work.class, Work::act).after(close).teardownOf(up);
        });
    broken.add("work");
    String former = test.run(null).runId();
    broken.clear();

    assertThat(callsOf(() -> test.run(Map.of("$run", Map.of("rerunOf", former)))))
        .containsExactly("up", "other", "work", "close", "down");
  }

  @Test
  void aFailedTeardownIsToldToThoseWhoHearOfFailures() {
    AnyDag.redefine(
        dag -> {
          pipeline(dag);
          dag.alerts().onFailure("pager");
        });
    broken.add("down");

    RunReport report = test.run(null);

    assertThat(report.state()).isEqualTo(RunState.SUCCESS);
    assertThat(report.task("down").state()).isEqualTo(NodeState.FAILED);
    assertThat(test.notifications())
        .singleElement()
        .extracting(Notification::title)
        .asString()
        .startsWith("a teardown of any-");
  }

  @Test
  void aTeardownFailsTheRunIfItSaysSo() {
    AnyDag.redefine(
        dag -> {
          dag.defaults(ONCE);
          Task<Integer> up = dag.task("up", Work.class, Work::act);
          Task<Integer> work = dag.task("work", Work.class, Work::act).after(up);
          dag.task("down", Work.class, Work::act).after(work).teardownOf(up).failRunOnFailure();
        });
    broken.add("down");

    assertThat(test.run(null).state()).isEqualTo(RunState.FAILED);
  }

  @Test
  void aSetupRunsAgainAfterATeardownThatWasClearedWithItsWork() {
    AnyDag.redefine(
        dag -> {
          dag.defaults(ONCE).holdOnFailure();
          Task<Integer> up = dag.task("up", Work.class, Work::act);
          Task<Integer> other = dag.task("other", Work.class, Work::act);
          Task<Integer> work = dag.task("work", Work.class, Work::act).after(up, other);
          dag.task("down", Work.class, Work::act).after(work).teardownOf(up);
        });
    broken.add("other");
    test.start(null).awaitState("down", NodeState.SUCCESS);
    broken.clear();

    // It is outside the scope, so that only what is below it is cleared: the teardown, not the
    // setup.
    Object unused =
        test.stub()
            .update(
                "clear",
                List.class,
                new DagRunOps.Clear(List.of("other"), false, null, false, null, "ana", ""));

    assertThat(test.await().state()).isEqualTo(RunState.SUCCESS);
    assertThat(test.calls().subList(3, test.calls().size()))
        .containsExactly("other", "up", "work", "down");
  }
}
