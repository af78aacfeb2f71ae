package io.millrace.engine;

import io.temporal.activity.Activity;
import io.temporal.activity.ActivityExecutionContext;
import io.temporal.client.ActivityCompletionException;
import io.temporal.common.converter.DataConverterException;
import java.util.Optional;

/**
 * How far an activity has come, kept by the server in its heartbeat, so that the next try goes on
 * from there.
 *
 * <pre>{@code
 * Checkpoint<Position> checkpoint = Checkpoint.of(Position.class);
 * Position at = checkpoint.resume().orElse(Position.START);
 * while (!at.isEnd()) {
 *   at = loadFrom(at);
 *   checkpoint.save(at);
 * }
 * }</pre>
 *
 * <p>Needs {@link Policy#withHeartbeat}. The SDK sends at most one heartbeat in 0.8 of that
 * timeout: a try that fails or is cancelled loses nothing, a worker that is killed loses what was
 * saved since the last one sent. So the work after a checkpoint must be idempotent.
 *
 * @param <T> a small record
 */
public final class Checkpoint<T> {

  private final ActivityExecutionContext context;
  private final Class<T> type;

  private Checkpoint(ActivityExecutionContext context, Class<T> type) {
    this.context = context;
    this.type = type;
  }

  /** The checkpoint of the activity that this thread runs. */
  public static <T> Checkpoint<T> of(Class<T> type) {
    return new Checkpoint<>(Activity.getExecutionContext(), type);
  }

  /**
   * What was saved last, by this try or an earlier one; empty in the first try, and if what is
   * there was written by other code and cannot be read.
   */
  public Optional<T> resume() {
    try {
      // The SDK gives back what this attempt has sent as it was, whatever type is asked for.
      Optional<?> details = context.getHeartbeatDetails(type);
      return details.filter(type::isInstance).map(type::cast);
    } catch (DataConverterException e) {
      return Optional.empty();
    }
  }

  /**
   * Saves how far the activity is.
   *
   * @throws ActivityCompletionException if the activity was cancelled or has timed out: let it pass
   */
  public void save(T progress) {
    context.heartbeat(progress);
  }
}
