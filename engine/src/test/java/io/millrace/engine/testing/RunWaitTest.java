package io.millrace.engine.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.engine.Dag;
import io.millrace.engine.NodeState;
import io.millrace.engine.toys.AnyDag;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** A run is waited for as long as it makes progress. */
class RunWaitTest {
  private static final int GATES = 5;

  /** Moved by the tests alone. */
  private final AtomicLong clock = new AtomicLong();

  private final AtomicInteger answered = new AtomicInteger();

  private static void gates(Dag dag) {
    for (int i = 0; i < GATES; i++) {
      dag.gate("gate" + i).options("yes", "no").timeout(Duration.ofDays(1), "no");
    }
  }

  @Test
  void aRunWithoutProgressIsGivenUpAndTheMessageSaysWhatItLooksLike() {
    try (DagTest dag = AnyDag.of(RunWaitTest::gates).start(null)) {
      dag.awaitState("gate0", NodeState.AWAITING_INPUT);
      RunWait wait = waiting(dag);

      assertThatThrownBy(() -> wait.until(report -> passing(Duration.ofSeconds(20)), "is not done"))
          .isInstanceOf(AssertionError.class)
          .hasMessageContaining("is not done: no progress for PT2M")
          .hasMessageContaining("gate0 AWAITING_INPUT");
    }
  }

  @Test
  void aSlowRunIsNotGivenUpAsLongAsItMakesProgress() {
    try (DagTest dag = AnyDag.of(RunWaitTest::gates).start(null)) {
      waiting(dag)
          .until(
              report -> {
                boolean unused = passing(Duration.ofSeconds(100));
                dag.answer("gate" + answered.getAndIncrement(), "yes");
                return answered.get() == GATES;
              },
              "is not done");

      assertThat(clock.get()).isGreaterThan(RunWait.LIMIT.multipliedBy(4).toNanos());
    }
  }

  @Test
  void aRunThatNeverEndsIsGivenUpAlthoughItMakesProgress() {
    try (DagTest dag = AnyDag.of(RunWaitTest::gates).start(null)) {
      RunWait wait = waiting(dag);

      assertThatThrownBy(
              () ->
                  wait.until(
                      report -> {
                        dag.answer("gate" + answered.getAndIncrement(), "yes");
                        return passing(Duration.ofMinutes(3));
                      },
                      "is not done"))
          .hasMessageContaining("is not done within PT10M, and still makes progress");
    }
  }

  private RunWait waiting(DagTest dag) {
    return dag.waiting(RunWait.LIMIT, RunWait.LOOK, clock::get);
  }

  private boolean passing(Duration time) {
    clock.addAndGet(time.toNanos());
    return false;
  }
}
