package io.millrace.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.engine.RunReport.RunState;
import io.millrace.engine.testing.DagTest;
import io.millrace.engine.toys.AnyDag;
import io.millrace.engine.toys.AnyDag.Work;
import io.temporal.activity.Activity;
import io.temporal.client.ActivityCompletionException;
import io.temporal.client.WorkflowFailedException;
import io.temporal.failure.CanceledFailure;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The rule: a run that is stopped waits for the tasks that it cancelled, but not without limit. A
 * teardown runs after they have ended, or after they were abandoned, and the report says which.
 */
class CancelGraceTest {

  private static final Duration GRACE = Duration.ofSeconds(2);

  private final CountDownLatch running = new CountDownLatch(1);
  private final CountDownLatch release = new CountDownLatch(1);
  private final ConcurrentLinkedQueue<String> done = new ConcurrentLinkedQueue<>();
  private DagTest test;

  /** What stops the run. */
  private enum Stop {
    CANCEL,
    DEADLINE,
    FAIL_FAST;

    void define(Dag dag) {
      Policy policy = Policy.DEFAULT.withRetries(0, Duration.ofSeconds(1));
      dag.defaults(policy).cancelGrace(GRACE);
      Task<Integer> up = dag.task("up", Work.class, Work::act);
      Task<Integer> work =
          dag.task("work", Work.class, Work::act)
              .policy(policy.withHeartbeat(Duration.ofSeconds(1)))
              .after(up);
      dag.task("down", Work.class, Work::act).after(work).teardownOf(up);
      if (this == DEADLINE) {
        dag.deadline(Duration.ofSeconds(3));
      }
      if (this == FAIL_FAST) {
        dag.failFast();
        dag.task("bad", Work.class, Work::act).after(up);
      }
    }

    String reason() {
      return switch (this) {
        case CANCEL -> "run cancelled";
        case DEADLINE -> "the run's deadline of PT3S has passed";
        case FAIL_FAST -> "another task failed";
      };
    }
  }

  @AfterEach
  void close() {
    release.countDown();
    test.close();
  }

  @ParameterizedTest
  @EnumSource
  void aTaskThatGoesOnIsAbandonedAfterTheGracePeriod(Stop stop) {
    test = dag(stop).fake("work", args -> ignoring());
    stopWhileItWorks(stop);

    assertThat(test.states())
        .containsEntry("work", NodeState.FAILED)
        .containsEntry("down", NodeState.SUCCESS);
    assertThat(test.report().task("work").detail())
        .startsWith("abandoned: it still went on PT2S after it was cancelled (")
        .contains(stop.reason());
    assertThat(List.copyOf(done)).as("the work that nothing waited for").isEmpty();
  }

  @ParameterizedTest
  @EnumSource
  void theTeardownWaitsForATaskThatListens(Stop stop) {
    test =
        dag(stop)
            .fake("work", args -> listening())
            .fake(
                "down",
                args -> {
                  done.add("down");
                  return 1;
                });
    stopWhileItWorks(stop);

    assertThat(List.copyOf(done)).containsExactly("work", "down");
    assertThat(test.report().task("work").detail()).doesNotContain("abandoned");
  }

  private DagTest dag(Stop stop) {
    return AnyDag.of(stop::define)
        .fake(
            "bad",
            args -> {
              running.await();
              return FlowTest.fail("broken");
            });
  }

  private void stopWhileItWorks(Stop stop) {
    test.start(null);
    if (stop == Stop.CANCEL) {
      test.awaitState("work", NodeState.RUNNING);
      awaitRunning();
      test.stub().cancel();
      assertThatThrownBy(test::await)
          .isInstanceOf(WorkflowFailedException.class)
          .hasCauseInstanceOf(CanceledFailure.class);
      assertThat(test.report().state()).isEqualTo(RunState.CANCELLED);
    } else {
      assertThat(test.await().state()).isEqualTo(RunState.FAILED);
    }
  }

  private void awaitRunning() {
    try {
      running.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  /** Heartbeats, but goes on after the cancel until the test ends. */
  private Integer ignoring() throws InterruptedException {
    running.countDown();
    boolean cancelled = false;
    while (release.getCount() > 0) {
      try {
        if (!cancelled) {
          Activity.getExecutionContext().heartbeat(null);
        }
      } catch (ActivityCompletionException e) {
        cancelled = true;
      }
      TimeUnit.MILLISECONDS.sleep(20);
    }
    done.add("work");
    return 1;
  }

  private Integer listening() throws InterruptedException {
    running.countDown();
    while (true) {
      try {
        Activity.getExecutionContext().heartbeat(null);
      } catch (ActivityCompletionException e) {
        done.add("work");
        throw e;
      }
      TimeUnit.MILLISECONDS.sleep(20);
    }
  }
}
