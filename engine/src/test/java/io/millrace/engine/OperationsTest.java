package io.millrace.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.millrace.engine.DagRunOps.Clear;
import io.millrace.engine.DagRunOps.Hold;
import io.millrace.engine.DagRunOps.Mark;
import io.millrace.engine.RunReport.RunState;
import io.millrace.engine.testing.DagTest;
import io.millrace.engine.toys.AnyDag;
import io.millrace.engine.toys.AnyDag.Work;
import io.temporal.client.WorkflowUpdateException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class OperationsTest {

  private final AtomicInteger tries = new AtomicInteger();
  private final DagTest test = AnyDag.of(OperationsTest::pipeline);

  @AfterEach
  void stop() {
    test.close();
  }

  private static void pipeline(Dag dag) {
    dag.holdOnFailure().defaults(Policy.DEFAULT.withRetries(0, Duration.ofSeconds(1)));
    Task<List<Integer>> list = dag.task("list", Work.class, Work::items);
    Mapped<Integer, Integer> load = dag.map("load", list, Work.class, Work::actWith);
    Task<Integer> join = dag.task("join", Work.class, Work::act).after(load);
    dag.task("publish", Work.class, join, Work::actWith);
    dag.task("beside", Work.class, Work::act).after(list);
  }

  private DagTest held() {
    test.fake("list", args -> List.of(1, 2, 3))
        .fake(
            "load",
            args ->
                args.get(0, Integer.class) == 2 && tries.getAndIncrement() == 0
                    ? FlowTest.fail("broken")
                    : 1)
        .start(null)
        .awaitState("load", NodeState.FAILED);
    return test;
  }

  @Test
  void clearingTheFailedDoesOnlyWhatFailedAgainAndGoesOn() {
    held().awaitState("beside", NodeState.SUCCESS);
    assertThat(test.report().state()).isEqualTo(RunState.HELD);
    assertThat(test.states()).containsEntry("publish", NodeState.UPSTREAM_FAILED);

    List<?> cleared = test.stub().update("clear", List.class, clear(true));
    RunReport report = test.await();

    assertThat(cleared).asString().isEqualTo("[load[1]]");
    assertThat(report.state()).isEqualTo(RunState.SUCCESS);
    assertThat(test.calls())
        .containsExactlyInAnyOrder(
            "list", "load[0]", "load[1]", "load[2]", "beside", "load[1]", "join", "publish");
    assertThat(report.operations())
        .singleElement()
        .returns("clear load[1]", Operation::what)
        .returns("ana", Operation::by)
        .returns("mended", Operation::why);
  }

  /** As Airflow's {@code only_failed}: it filters all tasks that the clear is about. */
  @Test
  void clearingOnlyTheFailedLeavesWhatSucceededBelowAndClearingWithoutItDoesNot() {
    AnyDag.redefine(
        dag -> {
          dag.holdOnFailure().failOnAnyFailure();
          Task<List<Integer>> list = dag.task("list", Work.class, Work::items);
          Mapped<Integer, Integer> load = dag.map("load", list, Work.class, Work::actWith);
          load.policy(Policy.DEFAULT.withRetries(0, Duration.ofSeconds(1)));
          dag.map("below", list, Work.class, Work::actWith).after(load).rule(TriggerRule.ALL_DONE);
          dag.event("end", Integer.class).after(load).rule(TriggerRule.ALL_DONE);
        });
    held().awaitState("below", NodeState.SUCCESS);

    test.stub().update("clear", List.class, clear(true));
    test.awaitState("load", NodeState.SUCCESS);

    assertThat(test.calls()).filteredOn("load[0]"::equals).hasSize(1);
    assertThat(test.calls()).filteredOn("load[1]"::equals).hasSize(2);
    assertThat(test.calls()).filteredOn("below[0]"::equals).hasSize(1);

    test.stub().update("clear", List.class, clear(false, "load"));
    test.stub().signal("event", new DagRunOps.ExternalEvent("end", new IntNode(1)));
    test.await();

    assertThat(test.calls()).filteredOn("load[0]"::equals).hasSize(2);
    assertThat(test.calls()).filteredOn("below[0]"::equals).hasSize(2);
  }

  @Test
  void clearingATaskDoesAllBelowItAgain() {
    held().awaitState("beside", NodeState.SUCCESS);

    test.stub().update("clear", List.class, clear(false, "list"));
    test.await();

    assertThat(test.calls()).filteredOn("list"::equals).hasSize(2);
    assertThat(test.calls()).filteredOn("beside"::equals).hasSize(2);
    assertThat(test.calls()).filteredOn("load[0]"::equals).hasSize(2);
  }

  @Test
  void clearingWithOtherArgumentsUsesThem() {
    AnyDag.redefine(
        dag -> {
          dag.holdOnFailure();
          Task<Integer> a = dag.task("a", Work.class, Work::act);
          dag.task("b", Work.class, a, Work::actWith);
        });
    test.fake("b", args -> args.get(0, Integer.class) == 7 ? 1 : FlowTest.fail("not 7"))
        .start(null)
        .awaitState("b", NodeState.FAILED);

    test.stub()
        .update(
            "clear",
            List.class,
            new Clear(List.of("b"), false, null, false, List.of(new IntNode(7)), "ana", "typo"));

    assertThat(test.await().state()).isEqualTo(RunState.SUCCESS);
  }

  @Test
  void markingAFailedTaskLetsWhatWasBlockedRunWithTheGivenResult() {
    AnyDag.redefine(
        dag -> {
          dag.holdOnFailure();
          Task<Integer> a = dag.task("a", Work.class, Work::act);
          dag.task("b", Work.class, a, Work::actWith);
        });
    test.fake("a", args -> FlowTest.fail("broken"))
        .fake("b", args -> args.get(0, Integer.class) == 42 ? 1 : FlowTest.fail("not 42"))
        .start(null)
        .awaitState("a", NodeState.FAILED);

    test.stub()
        .update("mark", String.class, new Mark("a", "success", new IntNode(42), "bo", "by hand"));
    RunReport report = test.await();

    assertThat(report.state()).isEqualTo(RunState.SUCCESS);
    assertThat(report.task("a").detail()).isEqualTo("marked success by bo");
  }

  @Test
  void aReleasedRunEndsWithItsFailures() {
    held().awaitState("beside", NodeState.SUCCESS);

    test.stub().update("release", String.class, new Hold(null, "ana", "give up"));

    assertThat(test.await().state()).isEqualTo(RunState.FAILED);
  }

  @Test
  void aBreakpointHoldsARunBeforeATask() {
    test.fake("list", args -> List.of(1))
        .start(Map.of("$run", Map.of("breakpoints", List.of("join"))))
        .awaitState("load", NodeState.SUCCESS)
        .awaitState("beside", NodeState.SUCCESS);
    assertThat(test.states()).containsEntry("join", NodeState.NONE);

    test.stub().update("release", String.class, new Hold("join", "ana", null));

    assertThat(test.await().state()).isEqualTo(RunState.SUCCESS);
  }

  @Test
  void aHeldRunStartsNothingUntilItIsReleased() {
    AnyDag.redefine(
        dag -> {
          Gate gate = dag.gate("ask");
          dag.task("next", Work.class, Work::act).after(gate);
        });
    test.start(null).awaitState("ask", NodeState.AWAITING_INPUT);
    test.stub().update("hold", String.class, new Hold(null, "ana", "wait"));
    test.answer("ask", "approve").awaitState("ask", NodeState.SUCCESS);
    assertThat(test.report().state()).isEqualTo(RunState.HELD);
    assertThat(test.calls()).isEmpty();

    test.stub().update("release", String.class, new Hold(null, "ana", null));

    assertThat(test.await().state()).isEqualTo(RunState.SUCCESS);
  }

  @Test
  void whatMakesNoSenseIsRefusedWithItsReason() {
    held().awaitState("beside", NodeState.SUCCESS);

    refused("clear", clear(false, "laod"), "The run has no task 'laod'; it has [list, load");
    refused("clear", clear(true, "list"), "None of [list] has failed");
    refused("mark", new Mark("load", "failed", null, "x", null), "'load' is failed already");
    refused("mark", new Mark("load", "done", null, "x", null), "'done' is no state to mark");
    refused(
        "mark",
        new Mark("publish", "success", new TextNode("x"), "x", null),
        "The result \"x\" does not fit task 'publish': Cannot coerce");
    refused("hold", new Hold("list", "x", null), "Task 'list' has started");
    refused("release", new Hold("join", "x", null), "There is no breakpoint before 'join'");
    refused("answer", new DagRunOps.GateAnswer("ask", "yes", "x"), "The run has no gate 'ask'");
    assertThat(test.report().operations()).isEmpty();
  }

  private void refused(String update, Object request, String reason) {
    assertThatThrownBy(() -> test.stub().update(update, Object.class, request))
        .isInstanceOf(WorkflowUpdateException.class)
        .cause()
        .hasMessageContaining(reason);
  }

  private static Clear clear(boolean onlyFailed, @Nullable String... tasks) {
    return new Clear(List.of(tasks), false, null, onlyFailed, null, "ana", "mended");
  }
}
