package io.millrace.engine;

import com.fasterxml.jackson.databind.JsonNode;
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
 * <p>It waits for ever unless it is given a {@link #timeout}.
 *
 * @param <T> the type of the payload
 */
public final class Event<T> extends Waiter<T, Event<T>> {

  /** How the detail of one that waits begins. */
  static final String WAITING = "waiting for the event ";

  private final Class<T> type;

  Event(String id, Policy policy, Class<T> type) {
    super(id, policy);
    this.type = type;
  }

  @Override
  Event<T> self() {
    return this;
  }

  @Override
  boolean takesOver() {
    return run().calls().formerInput(this, isOutdated()) != null;
  }

  @Override
  @Nullable Object valueOf(JsonNode given) {
    return Json.readStrictly(given, type);
  }

  @Override
  void start() {
    awaitInput(WAITING + id());
    JsonNode former = run().calls().formerInput(this, life().isStale());
    if (former != null) {
      take(former);
    } else {
      JsonNode early = run().takeEvent(id());
      if (early != null) {
        deliver(early);
      }
    }
    Duration limit = timeout();
    if (limit != null && state() == NodeState.AWAITING_INPUT) {
      life().limit(limit, () -> timedOut("no event within " + limit));
    }
  }

  /** Takes an event of this run. */
  void deliver(JsonNode event) {
    life().worked();
    take(event);
  }

  /** Ends with an event; one whose payload is of another type is reported and not taken. */
  private void take(JsonNode event) {
    T payload;
    try {
      payload = Json.read(event, type);
    } catch (IllegalArgumentException e) {
      awaitInput(
          "%s%s; one came whose payload is no %s: %s"
              .formatted(WAITING, id(), type.getSimpleName(), event));
      return;
    }
    found(payload, String.valueOf(event));
  }
}
