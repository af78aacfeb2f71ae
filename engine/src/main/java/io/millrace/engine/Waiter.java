package io.millrace.engine;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A task that waits for something outside, for a limited time if it has one.
 *
 * @param <T> the type of what it waits for
 * @param <S> its own type
 */
abstract sealed class Waiter<T, S extends Waiter<T, S>> extends Node<T, S> permits Sensor, Event {

  private @Nullable Duration timeout;
  private boolean softFail;
  private @Nullable T found;

  Waiter(String id, Policy policy) {
    super(id, policy);
  }

  /** Sets how long it waits, from its start on. */
  public S timeout(Duration limit) {
    timeout = limit;
    return self();
  }

  /** Skips instead of failing when time is out. */
  public S softFail() {
    softFail = true;
    return self();
  }

  final @Nullable Duration timeout() {
    return timeout;
  }

  @Override
  @SuppressWarnings("NullAway") // null only for a reader that runs after a skip, as in Airflow
  final T value() {
    return found;
  }

  final void found(@Nullable T what, String words) {
    found = what;
    finish(NodeState.SUCCESS, words);
  }

  final void timedOut(String why) {
    finish(softFail ? NodeState.SKIPPED : NodeState.FAILED, why);
  }

  @Override
  final void forget() {
    found = null;
  }

  @Override
  @SuppressWarnings("unchecked") // what valueOf has read
  final void take(@Nullable Object value) {
    found = (T) value;
  }
}
