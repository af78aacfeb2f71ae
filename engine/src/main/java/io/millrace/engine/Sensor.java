package io.millrace.engine;

import java.time.Duration;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Waits until an activity finds what it looks for.
 *
 * <p>It waits for a week from its first poke, as in Airflow, unless it is given a {@link #timeout}.
 * The activity throws {@link NotReady} while there is nothing; the server tries it again, so that a
 * poke costs no history, no thread and no worker slot between two of them (Airflow's mode {@code
 * reschedule}). Other failures are tried again as well, and named if time runs out; those that are
 * not retryable fail the sensor at once.
 *
 * @param <T> the type of what it finds
 */
public final class Sensor<T> extends Waiter<T, Sensor<T>> {

  private static final Duration WEEK = Duration.ofDays(7);

  private final Supplier<RecordedCall> call;
  private Duration interval = Duration.ofMinutes(1);
  private Duration longestInterval = interval;

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

  @Override
  Sensor<T> self() {
    return this;
  }

  /** Each failure is tried again, until time is out. */
  @Override
  Policy policy() {
    return super.policy()
        .withRetries(Integer.MAX_VALUE - 1, interval)
        .withMaxRetryDelay(longestInterval)
        .withTotalTimeout(limit());
  }

  private Duration limit() {
    return Objects.requireNonNullElse(timeout(), WEEK);
  }

  @Override
  void start() {
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
      found(value, describe(value));
      return;
    }
    boolean waited = Failures.isOfType(failure, NotReady.TYPE) || Failures.isTimeout(failure);
    if (waited) {
      timedOut("not ready within %s: %s".formatted(limit(), Failures.reasonOf(failure)));
    } else {
      fail(failure);
    }
  }
}
