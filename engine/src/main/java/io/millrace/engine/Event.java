package io.millrace.engine;

import com.fasterxml.jackson.databind.JsonNode;
import io.temporal.workflow.CancellationScope;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Waits for the signal {@code event} with its name; the payload is its value. An event that came
 * before the task began counts, each event for one task.
 *
 * <pre>{@code
 * temporal workflow signal --workflow-id RUN --name event \
 *   --input '{"name":"file_arrived","payload":{"path":"s3://landing/a.csv"}}'
 * }</pre>
 *
 * @param <T> the type of the payload
 */
public final class Event<T> extends Node<T, Event<T>> {

  /** How the detail of one that waits begins. */
  static final String WAITING = "waiting for the event ";

  private final Class<T> type;
  private @Nullable Duration timeout;
  private boolean softFail;
  private @Nullable CancellationScope timer;
  private @Nullable T payload;

  Event(String id, Policy policy, Class<T> type) {
    super(id, policy);
    this.type = type;
  }

  /** Sets how long it waits; for ever by default. */
  public Event<T> timeout(Duration limit) {
    timeout = limit;
    return this;
  }

  /** Skips instead of failing when time is out. */
  public Event<T> softFail() {
    softFail = true;
    return this;
  }

  @Override
  Event<T> self() {
    return this;
  }

  @Override
  @SuppressWarnings("NullAway") // null only for a reader that runs after a skip, as in Airflow
  T value() {
    return payload;
  }

  @Override
  void start() {
    awaitInput(WAITING + id());
    JsonNode former = run().calls().formerInput(this);
    if (former != null) {
      take(former);
    } else {
      JsonNode early = run().takeEvent(id());
      if (early != null) {
        deliver(early);
      }
    }
    if (timeout != null && state() == NodeState.AWAITING_INPUT) {
      Duration limit = timeout;
      timer = Timers.start(limit, () -> timedOut(limit));
    }
  }

  /** Takes an event of this run. */
  void deliver(JsonNode event) {
    life().worked();
    take(event);
  }

  /** Ends with an event; one whose payload is of another type is told and waited past. */
  private void take(JsonNode event) {
    try {
      payload = Json.read(event, type);
    } catch (IllegalArgumentException e) {
      awaitInput(
          "%s%s; one came whose payload is no %s: %s"
              .formatted(WAITING, id(), type.getSimpleName(), event));
      return;
    }
    stopTimer();
    finish(NodeState.SUCCESS, String.valueOf(event));
  }

  private void timedOut(Duration limit) {
    if (state() == NodeState.AWAITING_INPUT) {
      finish(softFail ? NodeState.SKIPPED : NodeState.FAILED, "no event within " + limit);
    }
  }

  @Override
  void stop(String why) {
    stopTimer();
    super.stop(why);
  }

  @Override
  void forget(boolean keepsWhatSucceeded) {
    stopTimer();
    payload = null;
  }

  private void stopTimer() {
    if (timer != null) {
      timer.cancel();
      timer = null;
    }
  }
}
