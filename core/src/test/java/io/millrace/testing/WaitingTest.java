package io.millrace.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

class WaitingTest {
  private static final Duration MAX_OF_IT = Waiting.LIMIT.multipliedBy(9).dividedBy(10);

  /** Moved by the tests alone. */
  private final AtomicLong clock = new AtomicLong();

  @Test
  void goesOnAsLongAsSomethingChanges() {
    AtomicLong steps = new AtomicLong();

    long last =
        Waiting.until("the steps", () -> pass(steps.get(), steps), step -> step == 5, clock::get);

    assertThat(last).isEqualTo(5);
    assertThat(clock.get()).isGreaterThan(Waiting.LIMIT.multipliedBy(4).toNanos());
  }

  @Test
  void whatAReadingThrowsIsAStateToo() {
    AtomicLong steps = new AtomicLong();

    assertThatThrownBy(
            () ->
                Waiting.until(
                    "the page",
                    () -> {
                      throw new IllegalStateException(
                          "step " + pass(Math.min(steps.get(), 2), steps));
                    },
                    page -> true,
                    clock::get))
        .isInstanceOf(AssertionError.class)
        .hasMessage(
            "the page: nothing has changed for PT5M; last seen: java.lang.IllegalStateException:"
                + " step 2")
        .hasCauseInstanceOf(IllegalStateException.class);
    assertThat(steps.get()).isGreaterThan(3);
  }

  @Test
  void givesUpWhenNothingChangesAndSaysWhatItSaw() {
    assertThatThrownBy(
            () ->
                Waiting.until(
                    "the end", () -> pass("begun", new AtomicLong()), "ended"::equals, clock::get))
        .hasMessage("the end: nothing has changed for PT5M; last seen: begun");
  }

  @Test
  void givesUpInTheEndAlthoughSomethingChanges() {
    AtomicLong steps = new AtomicLong();

    assertThatThrownBy(
            () ->
                Waiting.until(
                    "the steps", () -> pass(steps.get(), steps), step -> false, clock::get))
        .hasMessageContaining("the steps: not within PT30M, although something changes");
  }

  @Test
  void awaitilityWaitsForMinutesToo() {
    AtomicLong left = new AtomicLong();

    Awaitility.await()
        .conditionEvaluationListener(condition -> left.set(condition.getRemainingTimeInMS()))
        .until(() -> true);

    assertThat(left.get()).isGreaterThan(Duration.ofMinutes(2).toMillis());
  }

  private <T> T pass(T state, AtomicLong steps) {
    clock.addAndGet(MAX_OF_IT.toNanos());
    steps.incrementAndGet();
    return state;
  }
}
