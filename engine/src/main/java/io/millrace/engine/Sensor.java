package io.millrace.engine;

import com.fasterxml.jackson.databind.JsonNode;
import io.temporal.workflow.Workflow;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Waits until an activity finds what it looks for.
 *
 * <p>It waits for a week from its first poke, as in Airflow, unless it is given a {@link #timeout}.
 * The activity throws {@link NotReady} while there is nothing; the server tries it again, so that a
 * poke costs no history, no thread and no worker slot between two of them (Airflow's mode {@code
 * reschedule}). With a pool it pokes in a child run, which holds the pool's slots only while a poke
 * runs; {@link #poke} keeps them. Other failures are tried again as well, and named if time runs
 * out; those that are not retryable fail the sensor at once.
 *
 * @param <T> the type of what it finds
 */
public final class Sensor<T> extends Waiter<T, Sensor<T>> {

  private static final Duration WEEK = Duration.ofDays(7);

  private final Supplier<RecordedCall> call;
  private Duration interval = Duration.ofMinutes(1);
  private Duration longestInterval = interval;
  private boolean keepsSlots;

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

  /**
   * Keeps the slots of its pool between two pokes, as Airflow's mode {@code poke}: for short waits,
   * where getting slots again would take longer. Without it a sensor with a pool gives them back
   * after each poke (Airflow's {@code reschedule}) and does not keep other tasks from running.
   */
  public Sensor<T> poke() {
    keepsSlots = true;
    return this;
  }

  /** Whether each of its pokes takes slots of its own. */
  boolean pokesForSlots() {
    return super.policy().place().pool() != null && !keepsSlots;
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

  private PriorRun.Match<T> former(RecordedCall recorded, boolean outdated) {
    return run().calls().<T>former(this, outdated, List.of(recorded), List.of(id())).get(0);
  }

  @Override
  boolean takesOver() {
    return run().calls().isRerun() && former(call.get(), isOutdated()).found();
  }

  @Override
  void start() {
    RecordedCall recorded = call.get();
    PriorRun.Match<T> former = former(recorded, life().isStale());
    if (former.found()) {
      found(former.value(), describe(former.value()));
      return;
    }
    life().note(former.reason() == null ? null : "ran again: " + former.reason());
    if (pokesForSlots()
        && Workflow.getVersion("sensor-frees-slots", Workflow.DEFAULT_VERSION, 1) == 1) {
      SensorLoop.Pace pace = new SensorLoop.Pace(interval, longestInterval, limit());
      this.<T>execute(() -> run().calls().watch(this, recorded, super.policy(), pace), this::ended);
    } else {
      this.<T>execute(recorded, id(), this::ended);
    }
  }

  @Override
  @Nullable Object valueOf(JsonNode given) {
    return Json.readStrictly(given, ResultTypes.of(id(), call));
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
