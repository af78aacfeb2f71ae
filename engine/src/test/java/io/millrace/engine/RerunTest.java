package io.millrace.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.fasterxml.jackson.databind.node.IntNode;
import io.millrace.engine.RunReport.RunState;
import io.millrace.engine.testing.DagTest;
import io.millrace.engine.toys.AnyDag;
import io.millrace.engine.toys.AnyDag.Work;
import io.temporal.workflow.WorkflowInterface;
import io.temporal.workflow.WorkflowMethod;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A new run takes over what a closed one has made. */
class RerunTest {

  private final AtomicBoolean broken = new AtomicBoolean(true);
  private final DagTest test =
      AnyDag.of(RerunTest::pipeline)
          .fake("list", args -> List.of(1, 2, 3))
          .fake(
              "load",
              args -> args.get(0, Integer.class) == 2 && broken.get() ? FlowTest.fail("x") : 10)
          .fake("sum", args -> args.get(0, List.class).size());

  @AfterEach
  void stop() {
    test.close();
  }

  private static void pipeline(Dag dag) {
    dag.defaults(Policy.DEFAULT.withRetries(0, Duration.ofSeconds(1)));
    Task<List<Integer>> list = dag.task("list", Work.class, Work::items);
    Gate gate = dag.gate("go").after(list);
    Mapped<Integer, Integer> load = dag.map("load", list, Work.class, Work::actWith).after(gate);
    dag.task("sum", Work.class, load, Work::both);
  }

  private String failedRun() {
    RunReport report = test.start(null).answer("go", "approve").await();
    assertThat(report.state()).isEqualTo(RunState.FAILED);
    broken.set(false);
    return report.runId();
  }

  @Test
  void aRerunDoesOnlyWhatHadNotSucceeded() {
    String former = failedRun();
    int before = test.calls().size();

    RunReport report = test.run(rerun(former));

    assertThat(report.state()).isEqualTo(RunState.SUCCESS);
    assertThat(test.calls().subList(before, test.calls().size())).containsExactly("load[1]", "sum");
    assertThat(report.task("go").detail()).isEqualTo("approve (as before)");
  }

  @Test
  void aClearedTaskAndAllBelowItRunAgain() {
    String former = failedRun();
    int before = test.calls().size();

    test.start(rerun(former, "list")).answer("go", "approve").await();

    assertThat(test.calls().subList(before, test.calls().size()))
        .containsExactlyInAnyOrder("list", "load[0]", "load[1]", "load[2]", "sum");
  }

  @Test
  void aRerunOfARerunStillKnowsTheFirst() {
    String first = failedRun();
    broken.set(true);
    String second = test.run(rerun(first)).runId();
    broken.set(false);
    int before = test.calls().size();

    RunReport third = test.run(rerun(second));

    assertThat(third.state()).isEqualTo(RunState.SUCCESS);
    assertThat(test.calls().subList(before, test.calls().size())).contains("load[1]", "sum");
    assertThat(test.calls().subList(before, test.calls().size())).doesNotContain("list");
  }

  @Test
  void aRerunWorksAfterTheDagWasChanged() {
    String former = failedRun();
    AnyDag.redefine(
        dag -> {
          Task<List<Integer>> list = dag.task("list", Work.class, Work::items);
          Mapped<Integer, Integer> load = dag.map("load", list, Work.class, Work::actWith);
          Task<Integer> sum = dag.task("sum", Work.class, load, Work::both);
          dag.task("publish", Work.class, sum, Work::actWith);
        });
    int before = test.calls().size();

    assertThat(test.run(rerun(former)).state()).isEqualTo(RunState.SUCCESS);

    assertThat(test.calls().subList(before, test.calls().size()))
        .containsExactly("load[1]", "sum", "publish");
  }

  @Test
  void aRerunOfALargeMapDoesOnlyTheItemsThatHadNotSucceeded() {
    int size = Mapped.MAX_IN_RUN + 100;
    test.fake("list", args -> IntStream.range(0, size).boxed().toList());
    String former = failedRun();
    int before = test.calls().size();

    RunReport report = test.run(rerun(former));

    assertThat(report.task("load").progress()).isEqualTo("600/600");
    assertThat(test.calls().subList(before, test.calls().size())).containsExactly("load[2]", "sum");
  }

  @Test
  void aTaskThatTookOverItsResultRunsWhenItIsCleared() {
    String former = failedRun();
    broken.set(true);
    int before = test.calls().size();
    test.start(Map.of("$run", Map.of("rerunOf", former, "holdOnFailure", true)))
        .awaitState("load", NodeState.FAILED);
    broken.set(false);

    test.stub()
        .update(
            "clear",
            List.class,
            new DagRunOps.Clear(List.of("list"), false, null, false, null, "ana", ""));
    test.answer("go", "approve").await();

    assertThat(test.calls().subList(before, test.calls().size()))
        .contains("list", "load[0]", "load[1]", "load[2]", "sum");
  }

  @Test
  void anEventOfTheFormerRunCountsAndDoesNotMakeWhatIsBelowItRunAgain() {
    AnyDag.redefine(
        dag -> {
          Event<Integer> event = dag.event("landed", Integer.class);
          Task<Integer> below = dag.task("below", Work.class, event, Work::actWith);
          dag.task("last", Work.class, below, Work::actWith);
        });
    test.fake("last", args -> broken.get() ? FlowTest.fail("x") : 1)
        .start(null)
        .awaitState("landed", NodeState.AWAITING_INPUT);
    test.stub().signal("event", new DagRunOps.ExternalEvent("landed", new IntNode(7)));
    String former = test.await().runId();
    broken.set(false);
    int before = test.calls().size();

    assertThat(test.run(rerun(former)).state()).isEqualTo(RunState.SUCCESS);

    assertThat(test.calls().subList(before, test.calls().size())).containsExactly("last");
  }

  @Test
  void aRerunThatClearsAnUnknownTaskIsRefused() {
    String former = failedRun();

    assertThat(catchThrowable(() -> test.run(rerun(former, "laod"))))
        .rootCause()
        .hasMessageContaining("$run.clear names 'laod'; the tasks are [list, go, load, sum]");
  }

  @Test
  void whatIsAskedOfARunIsReadStrictly() {
    assertThat(catchThrowable(() -> test.run(Map.of("$run", Map.of("rerunof", "x")))))
        .rootCause()
        .hasMessageContaining("there is no field '$run.rerunof'");
    assertThat(catchThrowable(() -> test.run(Map.of("$run", Map.of("clear", List.of("x"))))))
        .rootCause()
        .hasMessageContaining("clear needs rerunOf");
  }

  private static Map<String, Object> rerun(String former, String... clear) {
    return Map.of("$run", Map.of("rerunOf", former, "clear", List.of(clear)));
  }

  @Test
  void aRunThatWasTriggeredIsNotStartedAgain() {
    AnyDag.redefine(
        dag -> {
          dag.defaults(Policy.DEFAULT.withRetries(0, Duration.ofSeconds(1)));
          Task<String> other = dag.trigger("other", Alone.class, run -> run.run(3));
          dag.task("sum", Work.class, other, (work, id) -> work.both(List.of(1)));
        });
    try (DagTest trigger =
        DagTest.of(AnyDag.Impl.class, AloneImpl.class)
            .fake("sum", args -> broken.get() ? FlowTest.fail("x") : 1)) {
      RunReport first = trigger.run(null);
      broken.set(false);

      RunReport second = trigger.run(rerun(first.runId()));

      assertThat(second.state()).isEqualTo(RunState.SUCCESS);
      assertThat(trigger.history()).doesNotContain("START_CHILD_WORKFLOW_EXECUTION_INITIATED");
    }
  }

  /** A run that another one starts. */
  @WorkflowInterface
  public interface Alone {
    @WorkflowMethod(name = "alone")
    Integer run(Integer input);
  }

  /** Returns what it is given. */
  public static final class AloneImpl implements Alone {
    @Override
    public Integer run(Integer input) {
      return input;
    }
  }

  @Test
  void aTaskWhoseRuleDoesNotWaitRunsAgainBelowOneThatRunsAgain() {
    AnyDag.redefine(
        dag -> {
          dag.defaults(Policy.DEFAULT.withRetries(0, Duration.ofSeconds(1)));
          Task<Integer> first = dag.task("first", Work.class, Work::act);
          Task<Integer> second = dag.task("second", Work.class, Work::act);
          Task<Integer> third = dag.task("third", Work.class, Work::act).after(second);
          dag.task("any", Work.class, Work::act).after(first, third).rule(TriggerRule.ONE_SUCCESS);
        });
    test.fake("first", args -> 1)
        .fake("second", args -> broken.get() ? FlowTest.fail("x") : 1)
        .fake("third", args -> 1)
        .fake("any", args -> 1);
    String former = test.run(null).runId();
    broken.set(false);
    int before = test.calls().size();

    test.run(rerun(former));

    assertThat(test.calls().subList(before, test.calls().size()))
        .containsExactlyInAnyOrder("second", "third", "any");
  }
}
