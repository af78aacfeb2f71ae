package io.millrace.engine;

import java.time.Duration;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Waits until an activity finds what it looks for.
 *
 * <p>The activity throws {@link NotReady} while there is nothing; the server tries it again, so
 * that a poke costs no history, no thread and no worker slot between two of them (Airflow's mode
 * {@code reschedule}). Other failures are tried again as well, and named if time runs out; those
 * that are not retryable fail the sensor at once.
 *
 * @param <T> the type of what it finds
 */
public final class Sensor<T> extends Node<T, Sensor<T>> {

  private static final Duration WEEK = Duration.ofDays(7);

  private final Supplier<RecordedCall> call;
  private Duration interval = Duration.ofMinutes(1);
  private Duration longestInterval = interval;
  private Duration timeout = WEEK;
  private boolean softFail;
  private @Nullable T result;

  Sensor(String id, Policy policy, Supplier<RecordedCall> call) {
    super(id, policy);
    this.call = call;
  }

  /** Sets the time between two pokes; a minute by default, as Airflow's {@code poke_interval}. */
  public Sensor<T> every(Duration pokeInterval) {
    interval = pokeInterval;
    longestInterval = pokeInterval;
    return this;
  }

  /** Doubles the time between two pokes up to a longest one. */
  public Sensor<T> backingOffTo(Duration longest) {
    longestInterval = longest;
    return this;
  }

  /** Sets how long it waits, from its first poke on; a week by default, as in Airflow. */
  public Sensor<T> timeout(Duration limit) {
    timeout = limit;
    return this;
  }

  /** Skips instead of failing when time is out. */
  public Sensor<T> softFail() {
    softFail = true;
    return this;
  }

  @Override
  Sensor<T> self() {
    return this;
  }

  @Override
  @SuppressWarnings("NullAway") // null only for a reader that runs after a skip, as in Airflow
  T value() {
    return result;
  }

  @Override
  void start() {
    Policy base = policy();
    policy(
        base.withRetries(Integer.MAX_VALUE - 1, interval)
            .withMaxRetryDelay(longestInterval)
            .withTotalTimeout(timeout));
    int round = life().round();
    run()
        .calls()
        .<T>make(this, call.get(), id())
        .handle(
            (value, failure) -> {
              if (round == life().round()) {
                ended(value, failure);
              }
              return null;
            });
  }

  private void ended(@Nullable T value, @Nullable RuntimeException failure) {
    if (failure == null) {
      result = value;
      finish(NodeState.SUCCESS, describe(value));
      return;
    }
    boolean waited = Failures.isOfType(failure, NotReady.TYPE) || Failures.isTimeout(failure);
    String why = "not ready within %s: %s".formatted(timeout, Failures.reasonOf(failure));
    if (waited) {
      finish(softFail ? NodeState.SKIPPED : NodeState.FAILED, why);
    } else {
      fail(failure);
    }
  }

  @Override
  void forget(boolean keepsWhatSucceeded) {
    result = null;
  }
}
