package io.millrace.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.engine.RunReport.RunState;
import io.millrace.engine.testing.DagTest;
import io.millrace.engine.toys.AnyDag;
import io.millrace.engine.toys.AnyDag.Work;
import io.temporal.client.WorkflowUpdateException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What a person marks decides what is below, for every kind of task, with a value where it has one.
 */
class MarkTest {

  private static final Policy ONCE = Policy.DEFAULT.withRetries(0, Duration.ofSeconds(1));

  private final CountDownLatch free = new CountDownLatch(1);
  private final DagTest test =
      AnyDag.of(dag -> {})
          .fake("sum", args -> args.get(0, List.class).size())
          .fake("one", args -> args.get(0, Integer.class));

  @AfterEach
  void stop() {
    free.countDown();
    test.close();
  }

  private void mark(String task, String state, @Nullable Object result) {
    JsonNode value = result == null ? null : Json.tree(result);
    test.stub()
        .update("mark", String.class, new DagRunOps.Mark(task, state, value, "ana", "because"));
  }

  /**
   * Blocks until the test lets all go: the in-memory server refuses to cancel an activity that ends
   * at the same moment, as no real one does.
   */
  private Object waits(int item) throws InterruptedException {
    free.await();
    return item;
  }

  private static void mapped(Dag dag, List<Integer> items) {
    dag.holdOnFailure().defaults(ONCE);
    Mapped<Integer, Integer> load = dag.map("load", items, Work.class, Work::actWith);
    dag.task("sum", Work.class, load, Work::both);
  }

  @ParameterizedTest
  @ValueSource(ints = {3, 501})
  void aMapWithAFailedItemCanBeMarkedSuccessWithWhatItHas(int size) {
    List<Integer> items = IntStream.range(0, size).boxed().toList();
    AnyDag.redefine(dag -> mapped(dag, items));
    test.fake("load", args -> args.get(0, Integer.class) == 1 ? FlowTest.fail("x") : 1)
        .start(null)
        .awaitState("load", NodeState.FAILED);

    mark("load", "success", null);

    assertThat(test.await().state()).isEqualTo(RunState.SUCCESS);
    assertThat(test.calls()).filteredOn("sum"::equals).hasSize(1);
  }

  @Test
  void aMapCanBeGivenItsWholeList() {
    AnyDag.redefine(dag -> mapped(dag, List.of(1, 2, 3)));
    test.fake("load", args -> FlowTest.fail("x"))
        .fake("sum", args -> args.get(0, List.class).equals(List.of(7, 8)) ? 1 : FlowTest.fail("y"))
        .start(null)
        .awaitState("load", NodeState.FAILED);

    assertThatThrownBy(() -> mark("load", "success", List.of("x")))
        .isInstanceOf(WorkflowUpdateException.class)
        .cause()
        .hasMessageContaining("does not fit task 'load'");
    mark("load", "success", List.of(7, 8));

    assertThat(test.await().state()).isEqualTo(RunState.SUCCESS);
  }

  @ParameterizedTest
  @ValueSource(ints = {3, 501})
  void aRunningMapThatIsMarkedEnds(int size) {
    AnyDag.redefine(dag -> mapped(dag, IntStream.range(0, size).boxed().toList()));
    test.fake("load", args -> waits(args.get(0, Integer.class)))
        .start(null)
        .awaitState("load", NodeState.RUNNING);

    mark("load", "success", List.of(1));
    test.awaitState("sum", NodeState.SUCCESS);
    ClearRunningTest.awaitCancelInChunk(test, size);
    free.countDown();

    assertThat(test.await().state()).isEqualTo(RunState.SUCCESS);
  }

  @Test
  void aSuccessfulMapThatIsMarkedFailedFailsTheRun() {
    AnyDag.redefine(
        dag -> {
          mapped(dag, List.of(1, 2));
          dag.gate("open");
        });
    test.start(null).awaitState("load", NodeState.SUCCESS).awaitState("sum", NodeState.SUCCESS);

    mark("load", "failed", null);
    mark("sum", "failed", null);
    test.answer("open", "approve").awaitState("open", NodeState.SUCCESS);
    test.stub().update("release", String.class, new DagRunOps.Hold(null, "ana", ""));

    assertThat(test.await().state()).isEqualTo(RunState.FAILED);
  }

  private static void branched(Dag dag) {
    dag.holdOnFailure().defaults(ONCE);
    Task<Integer> first = dag.task("first", Work.class, Work::act);
    Branch route =
        dag.branch(
            "route",
            first,
            value -> {
              throw new IllegalStateException("cannot choose");
            });
    dag.task("left", Work.class, Work::act).after(route);
    dag.task("right", Work.class, Work::act).after(route);
  }

  @Test
  void aFailedBranchCanBeGivenItsChoice() {
    AnyDag.redefine(MarkTest::branched);
    test.start(null).awaitState("route", NodeState.FAILED);

    assertThatThrownBy(() -> mark("route", "success", "middle"))
        .isInstanceOf(WorkflowUpdateException.class)
        .cause()
        .hasMessageContaining("it chose 'middle', which is not right below it");
    mark("route", "success", "left");

    assertThat(FlowTest.states(test.await()))
        .containsEntry("left", "success")
        .containsEntry("right", "skipped");
  }

  @Test
  void aBranchThatIsMarkedWithoutAChoiceExcludesNothing() {
    AnyDag.redefine(MarkTest::branched);
    test.start(null).awaitState("route", NodeState.FAILED);

    mark("route", "success", null);

    assertThat(FlowTest.states(test.await()))
        .containsEntry("left", "success")
        .containsEntry("right", "success");
  }

  @Test
  void aSensorCanBeGivenWhatItWaitsFor() {
    AnyDag.redefine(
        dag -> {
          dag.defaults(ONCE);
          Sensor<Integer> landed = dag.sensor("landed", Work.class, Work::act);
          dag.task("one", Work.class, landed, Work::actWith);
        });
    test.fake(
            "landed",
            args -> {
              throw NotReady.because("nothing there");
            })
        .start(null)
        .awaitState("landed", NodeState.RUNNING);

    assertThatThrownBy(() -> mark("landed", "success", "x"))
        .isInstanceOf(WorkflowUpdateException.class)
        .cause()
        .hasMessageContaining("does not fit task 'landed'");
    mark("landed", "success", 5);

    assertThat(test.await().state()).isEqualTo(RunState.SUCCESS);
  }

  @ParameterizedTest
  @ValueSource(ints = {3, 501})
  void oneItemCanBeMarkedWhileTheOthersGoOn(int size) {
    AnyDag.redefine(dag -> mapped(dag, IntStream.range(0, size).boxed().toList()));
    test.fake("load", args -> waits(args.get(0, Integer.class)))
        .fake("sum", args -> args.get(0, List.class).contains(-1) ? 1 : FlowTest.fail("no mark"))
        .start(null)
        .awaitState("load", NodeState.RUNNING);

    mark("load[1]", "success", -1);
    ClearRunningTest.awaitCancelInChunk(test, size);
    free.countDown();

    RunReport report = test.await();
    assertThat(report.state()).isEqualTo(RunState.SUCCESS);
    assertThat(report.task("load").progress()).isEqualTo("%d/%d".formatted(size, size));
  }

  @Test
  void theFailedItemOfAMapCanBeMarkedAndTheMapIsDecidedAgain() {
    AnyDag.redefine(dag -> mapped(dag, List.of(1, 2, 3)));
    test.fake("load", args -> args.get(0, Integer.class) == 2 ? FlowTest.fail("x") : 1)
        .start(null)
        .awaitState("load", NodeState.FAILED);

    mark("load[1]", "skipped", null);

    RunReport report = test.await();
    assertThat(report.state()).isEqualTo(RunState.SUCCESS);
    assertThat(report.operations())
        .singleElement()
        .extracting(Operation::what)
        .isEqualTo("mark load[1] skipped");
  }

  @Test
  void aMarkResumesWhatFailedBelow() {
    AnyDag.redefine(
        dag -> {
          dag.holdOnFailure().defaults(ONCE);
          Task<Integer> a = dag.task("a", Work.class, Work::act);
          dag.task("one", Work.class, a, Work::actWith);
        });
    test.fake("one", args -> args.get(0, Integer.class) == 2 ? 1 : FlowTest.fail("not 2"))
        .start(null)
        .awaitState("one", NodeState.FAILED);

    mark("a", "failed", null);
    mark("a", "success", 2);

    assertThat(test.await().state()).isEqualTo(RunState.SUCCESS);
  }

  @Test
  void whatDoesNotExistIsRefused() {
    AnyDag.redefine(dag -> mapped(dag, List.of(1, 2, 3)));
    test.fake("load", args -> FlowTest.fail("x")).start(null).awaitState("load", NodeState.FAILED);

    for (Map.Entry<String, String> bad :
        Map.of(
                "load[9]", "Task 'load' has no item '9'; it has 3, from '0' to '2'",
                "sum[0]", "Task 'sum' is not mapped, so it has no item '0'",
                "laod[0]", "The run has no task 'laod'")
            .entrySet()) {
      assertThatThrownBy(() -> mark(bad.getKey(), "success", null))
          .isInstanceOf(WorkflowUpdateException.class)
          .cause()
          .hasMessageContaining(bad.getValue());
    }
  }
}
