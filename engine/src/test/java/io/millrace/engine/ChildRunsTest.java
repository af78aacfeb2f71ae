package io.millrace.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.engine.RunReport.RunState;
import io.millrace.engine.testing.DagTest;
import io.millrace.engine.toys.AnyDag;
import io.millrace.engine.toys.AnyDag.Work;
import io.temporal.api.history.v1.HistoryEvent;
import io.temporal.api.history.v1.StartChildWorkflowExecutionInitiatedEventAttributes;
import io.temporal.common.converter.RawValue;
import io.temporal.failure.ApplicationFailure;
import io.temporal.workflow.WorkflowInterface;
import io.temporal.workflow.WorkflowMethod;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ChildRunsTest {

  private static final Duration SECOND = Duration.ofSeconds(1);

  /** A DAG that others start: it sets up, works, maybe waits, and takes down. */
  @WorkflowInterface
  public interface Part extends DagRunOps {
    @WorkflowMethod(name = "part")
    RunReport run(@Nullable RawValue params);
  }

  /** Whether it waits for an event that never comes. */
  record Waiting(boolean waits) {}

  /** The graph of {@link Part}. */
  public static final class PartImpl extends DagWorkflow<Waiting> implements Part {
    @Override
    protected Waiting defaults() {
      return new Waiting(false);
    }

    @Override
    protected void define(Dag dag, Waiting params, DataInterval interval) {
      dag.defaults(Policy.DEFAULT.withRetries(0, SECOND));
      Task<Integer> up = dag.task("up", Work.class, Work::act);
      Task<Integer> work = dag.task("work", Work.class, Work::act).after(up);
      if (AWAITS.get() > 0 && AWAITS.getAndDecrement() > 0) {
        work.after(dag.event("never", String.class).after(up));
      }
      dag.task("down", Work.class, Work::act).after(work).teardownOf(up);
    }
  }

  /** How many of the next children wait. */
  private static final AtomicInteger AWAITS = new AtomicInteger();

  private static DagTest test(Consumer<Dag> graph) {
    AnyDag.redefine(graph);
    return DagTest.of(AnyDag.Impl.class, PartImpl.class).otherwise(args -> 1);
  }

  private static DagTest child(UnaryOperator<Policy> policy) {
    return test(
        dag ->
            dag.child("part", Part.class, part -> part.run(null))
                .policy(policy.apply(Policy.DEFAULT)));
  }

  private static DagTest failing(DagTest test, int times) {
    AtomicInteger left = new AtomicInteger(times);
    return test.fake("work", args -> left.getAndDecrement() > 0 ? FlowTest.fail("broken") : 1);
  }

  private static List<StartChildWorkflowExecutionInitiatedEventAttributes> started(DagTest test) {
    String run = test.stub().getExecution().getWorkflowId();
    return test.client().fetchHistory(run).getEvents().stream()
        .filter(HistoryEvent::hasStartChildWorkflowExecutionInitiatedEventAttributes)
        .map(HistoryEvent::getStartChildWorkflowExecutionInitiatedEventAttributes)
        .toList();
  }

  @Test
  void aFailedChildRunIsStartedAgainWithAnIdOfItsOwn() {
    try (DagTest test = failing(child(p -> p.withRetries(2, SECOND)), 2)) {
      RunReport report = test.run(null);

      assertThat(report.state()).isEqualTo(RunState.SUCCESS);
      String id = report.runId() + "/part";
      assertThat(started(test))
          .extracting(StartChildWorkflowExecutionInitiatedEventAttributes::getWorkflowId)
          .containsExactly(id, id + "~2", id + "~3");
    }
  }

  @Test
  void theRunFailsWithTheLastAttempt() {
    try (DagTest test = failing(child(p -> p.withRetries(1, SECOND)), 2)) {
      RunReport report = test.run(null);

      assertThat(report.task("part").state()).isEqualTo(NodeState.FAILED);
      assertThat(started(test)).hasSize(2);
    }
  }

  @Test
  void unlessItIsSetThereIsNoRetryAndNoTimeout() {
    try (DagTest test = failing(test(dag -> dag.child("part", Part.class, p -> p.run(null))), 1)) {
      assertThat(test.run(null).state()).isEqualTo(RunState.FAILED);
      assertThat(started(test)).hasSize(1);
      assertThat(started(test).get(0).getWorkflowRunTimeout().getSeconds()).isZero();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"DagRunFailed"})
  void aFailureThatIsNamedIsNotRetried(String type) {
    try (DagTest test = failing(child(p -> p.withRetries(2, SECOND).withoutRetryOf(type)), 2)) {
      assertThat(test.run(null).state()).isEqualTo(RunState.FAILED);
      assertThat(started(test)).hasSize(1);
    }
  }

  /**
   * In real time: the in-memory server may skip years while a cancel is on its way to a child run.
   */
  @Test
  void anAttemptThatTakesTooLongIsCancelledWithItsTeardownsAndTriedAgain() {
    AWAITS.set(1);
    try (DagTest test =
        child(p -> p.withRetries(1, Duration.ofMillis(1)).withAttemptTimeout(SECOND))) {
      test.start(null).awaitState("part", NodeState.SUCCESS);

      assertThat(test.calls()).containsExactly("up", "down", "up", "work", "down");
    }
  }

  @Test
  void allAttemptsTogetherEndWithTheTotalTimeout() {
    AWAITS.set(99);
    try (DagTest test =
        child(
            p ->
                p.withRetries(98, Duration.ofMillis(1))
                    .withAttemptTimeout(Duration.ofMillis(400))
                    .withTotalTimeout(Duration.ofSeconds(3)))) {
      test.start(null).awaitState("part", NodeState.FAILED);

      TaskReport part = test.report().task("part");
      assertThat(part.detail()).startsWith("timed out: ");
      assertThat(part.duration()).isGreaterThan(Duration.ofSeconds(2));
      assertThat(started(test)).hasSizeBetween(2, 8);
    } finally {
      AWAITS.set(0);
    }
  }

  /**
   * Waits until no activity of the child runs: the in-memory server fails when one is cancelled
   * that has just ended.
   */
  private static void awaitEventOfPart(DagTest test) {
    DagRuns runs = new DagRuns(test.client(), "any");
    String child = test.report().runId() + "/part";
    while (!test.calls().contains("up")
        || runs.describe(child).task("never").state() != NodeState.AWAITING_INPUT) {
      LockSupport.parkNanos(5_000_000);
    }
  }

  @Test
  void aCancelStopsTheAttempts() {
    AWAITS.set(2);
    try (DagTest test = child(p -> p.withRetries(5, SECOND))) {
      test.start(null).awaitState("part", NodeState.RUNNING);
      awaitEventOfPart(test);
      test.stub().cancel();

      assertThatThrownBy(test::await).hasStackTraceContaining("CanceledFailure");
      assertThat(started(test)).hasSize(1);
    } finally {
      AWAITS.set(0);
    }
  }

  @Test
  void whereAndBeforeWhomIsTheChildRunsAsWell() {
    try (DagTest test =
        test(dag -> {
              Policy elsewhere =
                  Policy.DEFAULT
                      .withTaskQueue("elsewhere")
                      .withPriority(1)
                      .withFairnessKey("tenant");
              dag.child("part", Part.class, part -> part.run(null))
                  .policy(elsewhere.withAttemptTimeout(Duration.ofMinutes(2)));
              dag.trigger("alone", Part.class, part -> part.run(null)).policy(elsewhere);
              Task<List<Integer>> items = dag.task("items", Work.class, Work::items);
              dag.mapRuns("each", items, Part.class, (part, item) -> part.run(null))
                  .policy(elsewhere);
            })
            .queue("elsewhere")
            .fake("items", args -> List.of(1, 2))) {
      assertThat(test.run(null).state()).isEqualTo(RunState.SUCCESS);

      // The queue may have no worker that could cancel it.
      assertThat(started(test).stream().mapToLong(c -> c.getWorkflowRunTimeout().getSeconds()))
          .containsOnlyOnce(7 * 60L);
      assertThat(started(test))
          .hasSize(4)
          .allSatisfy(
              child -> {
                assertThat(child.getTaskQueue().getName()).isEqualTo("elsewhere");
                assertThat(child.getPriority().getPriorityKey()).isEqualTo(1);
                assertThat(child.getPriority().getFairnessKey()).isEqualTo("tenant");
              });
    }
  }

  @Test
  void eachChildRunOfAMapIsTriedAgainByItself() {
    try (DagTest test =
        failing(
            test(dag ->
                    dag.mapRuns(
                            "each",
                            dag.task("items", Work.class, Work::items),
                            Part.class,
                            (part, item) -> part.run(null))
                        .maxActive(1)
                        .policy(Policy.DEFAULT.withRetries(1, SECOND)))
                .fake("items", args -> List.of(1, 2)),
            1)) {
      RunReport report = test.run(null);

      assertThat(report.state()).isEqualTo(RunState.SUCCESS);
      assertThat(started(test))
          .extracting(child -> child.getWorkflowId().replaceFirst(".*/", ""))
          .containsExactly("each[0]", "each[0]~2", "each[1]");
    }
  }

  @Test
  void whatAChildRunCannotHonourIsRefusedWhenTheGraphIsBuilt() {
    refused("a heartbeat", dag -> policy(dag, Policy.DEFAULT.withHeartbeat(SECOND)));
    refused("local()", dag -> policy(dag, Policy.DEFAULT.local()));
    refused("a memo", dag -> policy(dag, Policy.DEFAULT.withMemo("key", SECOND)));
    refused("retries", dag -> trigger(dag, Policy.DEFAULT.withRetries(2, SECOND)));
    refused("an attempt timeout", dag -> trigger(dag, Policy.DEFAULT.withAttemptTimeout(SECOND)));
    refused("a total timeout", dag -> trigger(dag, Policy.DEFAULT.withTotalTimeout(SECOND)));
  }

  @Test
  void whatActivitiesHaveByTheDagsDefaultsDoesNotConcernAChildRun() {
    try (DagTest test =
        test(
            dag -> {
              dag.defaults(Policy.DEFAULT.withRetries(3, SECOND).withHeartbeat(SECOND));
              dag.child("part", Part.class, part -> part.run(null));
              dag.trigger("alone", Part.class, part -> part.run(null));
            })) {
      assertThat(test.run(null).state()).isEqualTo(RunState.SUCCESS);
    }
  }

  private static void policy(Dag dag, Policy policy) {
    dag.child("part", Part.class, part -> part.run(null)).policy(policy);
  }

  private static void trigger(Dag dag, Policy policy) {
    dag.trigger("part", Part.class, part -> part.run(null)).policy(policy);
  }

  private static void refused(String what, Consumer<Dag> graph) {
    try (DagTest test = test(graph)) {
      assertThatThrownBy(() -> test.run(null))
          .hasRootCauseInstanceOf(ApplicationFailure.class)
          .hasStackTraceContaining("Task 'part' starts a run, which cannot have " + what);
    }
  }

  @Test
  void describesWhatApplies() {
    AnyDag.redefine(
        dag -> {
          policy(dag, Policy.DEFAULT.withRetries(2, SECOND).withTotalTimeout(Duration.ofHours(2)));
          dag.child("plain", Part.class, part -> part.run(null));
          dag.trigger("alone", Part.class, part -> part.run(null))
              .policy(Policy.DEFAULT.withTaskQueue("q"));
        });

    assertThat(DagDescription.of(AnyDag.Impl.class).tasks())
        .extracting(DagDescription.TaskDescription::policy)
        .containsExactly("2 retries, 2h in all", "no retry", "queue q");
  }
}
