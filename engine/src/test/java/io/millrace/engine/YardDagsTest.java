package io.millrace.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.util.concurrent.Uninterruptibles;
import io.millrace.engine.DagRunOps.GateAnswer;
import io.millrace.engine.RunReport.RunState;
import io.millrace.engine.testing.DagTest;
import io.millrace.engine.toys.YardActivities.Load;
import io.millrace.engine.toys.YardDags;
import io.millrace.engine.toys.YardDags.Shape;
import io.temporal.activity.Activity;
import io.temporal.client.ActivityCompletionException;
import io.temporal.client.WorkflowFailedException;
import io.temporal.client.WorkflowUpdateException;
import io.temporal.failure.CanceledFailure;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class YardDagsTest {

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void nineHundredTasksNeedNoThreadEach(boolean chain) {
    AtomicInteger most = new AtomicInteger();
    try (DagTest wide = DagTest.of(YardDags.WideImpl.class)) {
      wide.skip("t.*")
          .fake(
              "t450",
              args -> {
                most.set(workflowThreads());
                return 1;
              });

      RunReport report = wide.run(new Shape(900, chain));

      assertThat(report.state()).isEqualTo(RunState.SUCCESS);
      assertThat(report.tasks()).hasSize(900);
      assertThat(most).hasValueLessThan(20);
    }
  }

  @Test
  void aGateTakesTheAnswerThatAPersonGives() {
    try (DagTest gated = gated()) {
      gated.start(null).answer("promote", "yes");

      RunReport report = gated.await();

      assertThat(report.task("promote").detail()).isEqualTo("yes (by test)");
      assertThat(gated.calls()).containsExactly("first", "last");
    }
  }

  @Test
  void aGateThatNobodyAnswersTakesItsFallback() {
    try (DagTest gated = gated()) {
      RunReport report = gated.run(null);

      assertThat(report.task("promote").detail()).isEqualTo("no (by timeout)");
      assertThat(report.task("promote").duration()).isGreaterThanOrEqualTo(Duration.ofHours(24));
    }
  }

  @Test
  void aGateRefusesWhatIsNoOption() {
    try (DagTest gated = gated()) {
      gated.start(null).awaitState("promote", NodeState.AWAITING_INPUT);

      assertThatThrownBy(() -> update(gated, "promote", "perhaps"))
          .isInstanceOf(WorkflowUpdateException.class)
          .hasStackTraceContaining("'perhaps' is no option of gate 'promote'");
      assertThatThrownBy(() -> update(gated, "nowhere", "yes"))
          .isInstanceOf(WorkflowUpdateException.class)
          .hasStackTraceContaining("The run has no gate 'nowhere'");
    }
  }

  @Test
  void cancellingARunCancelsItsTasksAndSkipsTheRest() throws InterruptedException {
    CountDownLatch running = new CountDownLatch(2);
    CountDownLatch cancelled = new CountDownLatch(2);
    try (DagTest slow = DagTest.of(YardDags.SlowImpl.class)) {
      slow.fake("slow", args -> untilCancelled(running, cancelled))
          .fake("many", args -> untilCancelled(running, cancelled));
      slow.start(null);
      running.await();

      slow.stub().cancel();

      assertThatThrownBy(slow::await)
          .isInstanceOf(WorkflowFailedException.class)
          .hasCauseInstanceOf(CanceledFailure.class);
      cancelled.await();
      assertThat(slow.report().state()).isEqualTo(RunState.CANCELLED);
      assertThat(slow.states())
          .containsEntry("slow", NodeState.FAILED)
          .containsEntry("many", NodeState.FAILED)
          .containsEntry("after", NodeState.SKIPPED)
          .containsEntry("ask", NodeState.SKIPPED);
      assertThat(slow.calls()).containsExactlyInAnyOrder("slow", "many[0]");
    }
  }

  @Test
  void passesTypedValuesAndToleratesFailedItems() {
    try (DagTest mixed = mixed()) {
      RunReport report = mixed.run(null);

      assertThat(report.state()).isEqualTo(RunState.SUCCESS);
      assertThat(report.task("even").detail()).isEqualTo("2 of 4 items failed and were tolerated");
      assertThat(report.task("nested").state()).isEqualTo(NodeState.SUCCESS);
      assertThat(report.task("count").state()).isEqualTo(NodeState.SUCCESS);
    }
  }

  @Test
  void failsTheRunOnAnyFailureIfTheDagSaysSo() {
    try (DagTest mixed = mixed()) {
      mixed.fake(
          "count",
          args -> {
            throw new IllegalStateException("cannot count");
          });

      RunReport report = mixed.run(null);

      assertThat(report.state()).isEqualTo(RunState.FAILED);
      assertThat(report.task("count"))
          .returns(2, TaskReport::tries)
          .returns("IllegalStateException: cannot count", TaskReport::detail);
      assertThat(report.task("nested").state()).isEqualTo(NodeState.UPSTREAM_FAILED);
      assertThat(report.task("sweep").state()).isEqualTo(NodeState.SUCCESS);
    }
  }

  @Test
  void aGraphThatCannotBeBuiltFailsTheRun() {
    try (DagTest broken = DagTest.of(YardDags.BrokenImpl.class)) {
      assertThatThrownBy(() -> broken.run(new Shape(2, false)))
          .hasStackTraceContaining("The graph cannot be built: Task id 'twice' is used twice");
    }
  }

  @Test
  void aNameThatCannotBeComputedFailsItsTask() {
    try (DagTest broken = DagTest.of(YardDags.BrokenImpl.class).skip("named")) {
      RunReport report = broken.run(null);

      assertThat(report.task("named").detail()).isEqualTo("ArithmeticException: / by zero");
      assertThat(broken.calls()).isEmpty();
    }
  }

  private static DagTest gated() {
    return DagTest.of(YardDags.GatedImpl.class).fake("first", args -> 1).fake("last", args -> 1);
  }

  private static DagTest mixed() {
    return DagTest.of(YardDags.MixedImpl.class, YardDags.WideImpl.class)
        .fake("loads", args -> List.of(new Load("oats", 5), new Load("rye", 7)))
        .fake("join", args -> args.get(0, List.class).size() == 2 ? new Load("both", 12) : null)
        .fake("even", args -> evenOnly(args.get(0, Integer.class)))
        .fake("count", args -> args.get(0, Integer.class))
        .skip("t0|sweep");
  }

  private static int evenOnly(int number) {
    if (number % 2 == 1) {
      throw new IllegalArgumentException("odd");
    }
    return number;
  }

  private static Object untilCancelled(CountDownLatch running, CountDownLatch cancelled) {
    running.countDown();
    try {
      while (true) {
        Activity.getExecutionContext().heartbeat(null);
        Uninterruptibles.sleepUninterruptibly(Duration.ofMillis(20));
      }
    } catch (ActivityCompletionException e) {
      cancelled.countDown();
      throw e;
    }
  }

  private static String update(DagTest dag, String gate, String option) {
    return dag.stub().update("answer", String.class, new GateAnswer(gate, option, "test"));
  }

  private static int workflowThreads() {
    return (int)
        Thread.getAllStackTraces().keySet().stream()
            .filter(thread -> thread.getName().startsWith("workflow-method"))
            .count();
  }
}
