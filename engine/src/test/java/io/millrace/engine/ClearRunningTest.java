package io.millrace.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.RunReport.RunState;
import io.millrace.engine.testing.DagTest;
import io.millrace.engine.toys.AnyDag;
import io.millrace.engine.toys.AnyDag.Work;
import io.temporal.api.enums.v1.EventType;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is cleared while it goes on is waited for: never two executions of one task at once. */
class ClearRunningTest {

  private static final Policy ONCE = Policy.DEFAULT.withRetries(0, Duration.ofSeconds(1));

  private final CountDownLatch free = new CountDownLatch(1);
  private final Map<Integer, AtomicInteger> running = new ConcurrentHashMap<>();
  private final AtomicInteger most = new AtomicInteger();
  private final AtomicInteger starts = new AtomicInteger();
  private final DagTest test = AnyDag.of(dag -> {});

  @AfterEach
  void stop() {
    free.countDown();
    test.close();
  }

  /**
   * Blocks until the test lets all go: the in-memory server refuses to cancel an activity that ends
   * at the same moment, as no real one does.
   */
  private Object work(int item) throws InterruptedException {
    AtomicInteger now = running.computeIfAbsent(item, any -> new AtomicInteger());
    most.accumulateAndGet(now.incrementAndGet(), Math::max);
    starts.incrementAndGet();
    free.await();
    now.decrementAndGet();
    return item;
  }

  private List<?> clear(String... tasks) {
    return test.stub()
        .update(
            "clear",
            List.class,
            new DagRunOps.Clear(List.of(tasks), false, null, false, null, "ana", ""));
  }

  @Test
  void aTaskIsRestartedOnceItsExecutionHasEndedAndTheGridSaysSo() {
    AnyDag.redefine(dag -> dag.defaults(ONCE).task("a", Work.class, Work::act));
    test.fake("a", args -> work(0)).start(null).awaitState("a", NodeState.RUNNING);
    awaitStart();

    assertThat(clear("a")).asString().isEqualTo("[a]");
    test.awaitState("a", NodeState.RESTARTING);
    assertThat(test.report().task("a").detail()).contains("does not heartbeat");
    free.countDown();

    assertThat(test.await().state()).isEqualTo(RunState.SUCCESS);
    assertThat(test.calls()).containsExactly("a", "a");
    assertThat(most).hasValue(1);
  }

  @ParameterizedTest
  @ValueSource(ints = {3, 600})
  void aMapIsRestartedAsAWhole(int size) {
    List<Integer> items = IntStream.range(0, size).boxed().toList();
    AnyDag.redefine(dag -> dag.defaults(ONCE).map("load", items, Work.class, Work::actWith));
    test.fake("load", args -> work(args.get(0, Integer.class)))
        .start(null)
        .awaitState("load", NodeState.RUNNING);
    awaitStart();

    clear("load");
    test.awaitState("load", NodeState.RESTARTING);
    awaitCancelInChunk(test, size);
    free.countDown();

    RunReport report = test.await();
    assertThat(report.state()).isEqualTo(RunState.SUCCESS);
    assertThat(report.task("load").progress()).isEqualTo("%d/%d".formatted(size, size));
    assertThat(most).hasValue(1);
  }

  @ParameterizedTest
  @ValueSource(ints = {3, 501})
  void oneItemIsRestartedWhileTheOthersGoOn(int size) {
    List<Integer> items = IntStream.range(0, size).boxed().toList();
    AnyDag.redefine(dag -> dag.defaults(ONCE).map("load", items, Work.class, Work::actWith));
    test.fake("load", args -> work(args.get(0, Integer.class)))
        .start(null)
        .awaitState("load", NodeState.RUNNING);
    awaitStart();

    assertThat(clear("load[1]")).asString().isEqualTo("[load[1]]");
    awaitCancelInChunk(test, size);
    free.countDown();

    RunReport report = test.await();
    assertThat(report.state()).isEqualTo(RunState.SUCCESS);
    assertThat(test.calls()).filteredOn("load[1]"::equals).hasSize(2);
    assertThat(test.calls()).filteredOn("load[0]"::equals).hasSize(1);
    assertThat(most).hasValue(1);
  }

  @Test
  void aGateThatWaitsAsksAgain() {
    AnyDag.redefine(dag -> dag.gate("ask"));
    test.start(null).awaitState("ask", NodeState.AWAITING_INPUT);

    clear("ask");

    assertThat(test.answer("ask", "approve").await().state()).isEqualTo(RunState.SUCCESS);
  }

  /**
   * Everything has ended but an execution that a mark has cancelled: the run waits, and listens.
   */
  @Test
  void aRunThatWaitsForWhatAMarkCancelledStillTakesAClear() {
    AnyDag.redefine(
        dag -> {
          dag.defaults(ONCE);
          dag.task("a", Work.class, Work::act);
          dag.task("b", Work.class, Work::act);
        });
    test.fake("a", args -> work(0)).start(null).awaitState("b", NodeState.SUCCESS);
    awaitStart();
    test.stub().update("mark", String.class, new DagRunOps.Mark("a", "success", null, "ana", ""));

    clear("b");
    test.awaitState("b", NodeState.SUCCESS);
    free.countDown();

    assertThat(test.await().state()).isEqualTo(RunState.SUCCESS);
    assertThat(test.calls()).containsExactlyInAnyOrder("a", "b", "b");
  }

  @Test
  void aResultThatComesAfterAMarkIsNotTakenOverByARerun() {
    AnyDag.redefine(
        dag -> {
          dag.defaults(ONCE);
          dag.task("a", Work.class, Work::act);
        });
    test.fake("a", args -> work(0)).start(null).awaitState("a", NodeState.RUNNING);
    awaitStart();
    test.stub().update("mark", String.class, new DagRunOps.Mark("a", "success", null, "ana", ""));
    free.countDown();
    String former = test.await().runId();

    test.run(Map.of("$run", Map.of("rerunOf", former)));

    assertThat(test.calls()).containsExactly("a", "a");
  }

  @Test
  void aSetupWaitsUntilItsTeardownHasEnded() {
    AnyDag.redefine(
        dag -> {
          dag.defaults(ONCE);
          Task<Integer> up = dag.task("up", Work.class, Work::act);
          Task<Integer> use = dag.task("use", Work.class, Work::act).after(up);
          dag.task("down", Work.class, Work::act).after(use).teardownOf(up);
        });
    test.fake("down", args -> work(0)).start(null).awaitState("down", NodeState.RUNNING);
    awaitStart();

    clear("up");
    assertThat(test.states()).containsEntry("up", NodeState.NONE);
    assertThat(test.calls()).containsExactly("up", "use", "down");
    free.countDown();

    assertThat(test.await().state()).isEqualTo(RunState.SUCCESS);
    assertThat(test.calls()).containsExactly("up", "use", "down", "up", "use", "down");
  }

  @Test
  void onlyFailedLeavesSkippedItemsSkipped() {
    AtomicInteger failures = new AtomicInteger();
    AnyDag.redefine(
        dag ->
            dag.holdOnFailure()
                .defaults(ONCE)
                .map("load", List.of(1, 2, 3), Work.class, Work::actWith));
    test.fake(
            "load",
            args ->
                switch (args.get(0, Integer.class)) {
                  case 1 -> throw TaskSkipped.because("nothing to do");
                  case 2 -> failures.getAndIncrement() == 0 ? FlowTest.fail("x") : 1;
                  default -> 1;
                })
        .start(null)
        .awaitState("load", NodeState.FAILED);

    test.stub()
        .update(
            "clear",
            List.class,
            new DagRunOps.Clear(List.of(), false, null, true, null, "ana", ""));

    assertThat(test.await().state()).isEqualTo(RunState.SUCCESS);
    assertThat(test.calls()).containsExactlyInAnyOrder("load[0]", "load[1]", "load[2]", "load[1]");
  }

  @Test
  void anUpstreamFailedTaskMayBeNamed() {
    AnyDag.redefine(
        dag -> {
          dag.holdOnFailure().defaults(ONCE);
          Task<Integer> a = dag.task("a", Work.class, Work::act);
          dag.task("b", Work.class, a, Work::actWith);
        });
    test.fake("a", args -> FlowTest.fail("x"))
        .start(null)
        .awaitState("b", NodeState.UPSTREAM_FAILED);

    assertThat(clear("b")).asString().isEqualTo("[b]");
    test.awaitState("b", NodeState.UPSTREAM_FAILED);
    test.stub().update("release", String.class, new DagRunOps.Hold(null, "ana", ""));

    assertThat(test.await().state()).isEqualTo(RunState.FAILED);
  }

  /** Waits until the first chunk of a large map has told its activities to stop. */
  static void awaitCancelInChunk(DagTest test, int size) {
    if (size <= Mapped.MAX_IN_RUN) {
      return;
    }
    String chunk = test.report().runId() + "/load[0..499]";
    while (test.client().fetchHistory(chunk).getEvents().stream()
        .noneMatch(
            event -> event.getEventType() == EventType.EVENT_TYPE_ACTIVITY_TASK_CANCEL_REQUESTED)) {
      LockSupport.parkNanos(5_000_000);
    }
  }

  private void awaitStart() {
    while (starts.get() == 0) {
      Thread.onSpinWait();
    }
  }
}
