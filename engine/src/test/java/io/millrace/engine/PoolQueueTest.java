package io.millrace.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.millrace.engine.RunReport.RunState;
import io.millrace.engine.testing.DagTest;
import io.millrace.engine.toys.AnyDag;
import io.millrace.engine.toys.AnyDag.Work;
import io.temporal.api.enums.v1.EventType;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What waits for a slot is queued, and a waiting sensor keeps no slot. */
class PoolQueueTest {

  private static final Policy POOLED =
      Policy.DEFAULT.withRetries(0, Duration.ofSeconds(1)).withPool("ovens", 1);

  private final CountDownLatch free = new CountDownLatch(1);
  private final DagTest test = AnyDag.of(dag -> {});

  @AfterEach
  void stop() {
    free.countDown();
    test.close();
  }

  private void holdTheOnlySlot() {
    AnyDag.redefine(
        dag -> {
          dag.defaults(POOLED);
          dag.task("first", Work.class, Work::act);
          dag.task("second", Work.class, Work::act);
        });
    test.fake(
            "first",
            args -> {
              free.await();
              return 1;
            })
        .start(null)
        .awaitState("first", NodeState.RUNNING)
        .awaitState("second", NodeState.QUEUED);
  }

  @Test
  void aTaskThatWaitsForASlotIsQueuedAndTheWaitIsNotItsDuration() {
    holdTheOnlySlot();
    assertThat(test.report().task("second"))
        .returns(null, TaskReport::startedAt)
        .returns(null, TaskReport::duration);
    free.countDown();

    RunReport report = test.await();

    assertThat(report.state()).isEqualTo(RunState.SUCCESS);
    TaskReport first = report.task("first");
    assertThat(report.task("second").startedAt())
        .isAfterOrEqualTo(first.startedAt().plus(first.duration()));
  }

  @Test
  void aTaskThatIsCancelledWhileItIsQueuedIsSkipped() {
    holdTheOnlySlot();

    test.stub().cancel();
    String run = test.report().runId();
    while (test.client().fetchHistory(run).getEvents().stream()
        .noneMatch(
            event -> event.getEventType() == EventType.EVENT_TYPE_ACTIVITY_TASK_CANCEL_REQUESTED)) {
      LockSupport.parkNanos(5_000_000);
    }
    free.countDown();

    assertThat(catchThrowable(test::await)).hasStackTraceContaining("CanceledFailure");
    assertThat(test.states())
        .containsEntry("first", NodeState.SUCCESS)
        .containsEntry("second", NodeState.SKIPPED);
  }

  @Test
  void aSensorThatWaitsLetsOtherTasksHaveItsSlot() {
    AtomicBoolean landed = new AtomicBoolean();
    AnyDag.redefine(
        dag -> {
          dag.defaults(POOLED);
          Sensor<Integer> file =
              dag.sensor("landed", Work.class, Work::act).every(Duration.ofMillis(50));
          dag.task("below", Work.class, file, Work::actWith);
          dag.task("other", Work.class, Work::act);
        });
    test.fake(
            "landed",
            args -> {
              if (!landed.get()) {
                throw NotReady.because("nothing there");
              }
              return 7;
            })
        .fake("below", args -> args.get(0, Integer.class) == 7 ? 1 : FlowTest.fail("not 7"))
        .start(null)
        .awaitState("landed", NodeState.RUNNING)
        .awaitState("other", NodeState.SUCCESS);
    landed.set(true);

    assertThat(test.await().state()).isEqualTo(RunState.SUCCESS);
  }
}
