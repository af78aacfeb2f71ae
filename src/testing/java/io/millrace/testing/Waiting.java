package io.millrace.testing;

import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestPlan;

/**
 * How tests wait: for progress, and never for a fixed time that a slow machine exceeds. A test
 * gives up once nothing has changed for {@link #LIMIT}, and says what it last saw.
 *
 * <p>Awaitility's {@code await()} waits as long in every test ({@code atMost} is not used); where
 * what is waited for has several steps, {@link #until} starts to count again at each.
 */
public final class Waiting implements TestExecutionListener {
  /** Without any change. Far more than a step takes on a machine that has fifty times the work. */
  public static final Duration LIMIT = Duration.ofMinutes(5);

  /** With changes all the time, for so many times the limit. */
  private static final int MAX = 6;

  private static final Duration POLL = Duration.ofMillis(20);

  /** Sets how Awaitility waits in every test of the module; called by JUnit. */
  @Override
  public void testPlanExecutionStarted(TestPlan plan) {
    Awaitility.setDefaultTimeout(LIMIT);
    Awaitility.setDefaultPollDelay(Duration.ZERO);
    Awaitility.setDefaultPollInterval(POLL);
  }

  /**
   * Waits until the state is as expected, as long as it changes.
   *
   * @param what is waited for, as the failure's first words
   * @param state reads it; what it throws is a state like any other, and a change if it differs
   * @param expected is given only states that were read
   * @return the first state that is as expected
   * @throws AssertionError if the state has been the same for {@link #LIMIT}, or changes for six
   *     times as long; the message has it
   */
  public static <T> T until(String what, Callable<T> state, Predicate<? super T> expected) {
    return until(what, state, expected, System::nanoTime);
  }

  static <T> T until(
      String what, Callable<T> state, Predicate<? super T> expected, LongSupplier clock) {
    @Nullable Object seen = null;
    @Nullable Throwable failure = null;
    long started = clock.getAsLong();
    long changed = started;
    while (true) {
      @Nullable Object now;
      try {
        T value = state.call();
        if (expected.test(value)) {
          return value;
        }
        now = value;
        failure = null;
      } catch (Exception | AssertionError e) {
        now = e.toString();
        failure = e;
      }
      if (!Objects.equals(now, seen)) {
        seen = now;
        changed = clock.getAsLong();
      } else if (clock.getAsLong() - changed > LIMIT.toNanos()) {
        throw new AssertionError(
            "%s: nothing has changed for %s; last seen: %s".formatted(what, LIMIT, seen), failure);
      }
      if (clock.getAsLong() - started > MAX * LIMIT.toNanos()) {
        throw new AssertionError(
            "%s: not within %s, although something changes; last seen: %s"
                .formatted(what, LIMIT.multipliedBy(MAX), seen),
            failure);
      }
      pause(what);
    }
  }

  /** A future's result, or what it failed with. Gives up after {@link #LIMIT}. */
  public static <T> T result(Future<T> future) throws ExecutionException, InterruptedException {
    try {
      return future.get(LIMIT.toSeconds(), TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      throw new AssertionError("Not done after " + LIMIT + ": " + future, e);
    }
  }

  /**
   * Waits for the end of a process.
   *
   * @return its exit status
   * @throws AssertionError if it still runs after {@link #LIMIT}
   */
  public static int ended(Process process) throws InterruptedException {
    if (!process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)) {
      throw new AssertionError("Still runs after %s: %s".formatted(LIMIT, process.info()));
    }
    return process.exitValue();
  }

  private static void pause(String what) {
    try {
      TimeUnit.MILLISECONDS.sleep(POLL.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(what + ": interrupted", e);
    }
  }
}
