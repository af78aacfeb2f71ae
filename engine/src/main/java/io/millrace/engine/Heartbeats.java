package io.millrace.engine;

import io.temporal.activity.Activity;
import io.temporal.activity.ActivityExecutionContext;
import io.temporal.client.ActivityCompletionException;
import io.temporal.common.converter.DataConverterException;
import io.temporal.common.converter.RawValue;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Heartbeats while an activity waits for a long statement, object or answer, so that a killed
 * worker is noticed within {@link Policy#withHeartbeat} and not only at the end of the attempt's
 * timeout.
 *
 * <pre>{@code
 * try (Heartbeats heartbeats = Heartbeats.start()) {
 *   return load(heartbeats::progress);
 * }
 * }</pre>
 *
 * <p>It beats three times within the activity's heartbeat timeout, and at least every 5 s. Without
 * a heartbeat timeout it beats as well, every 5 s: nothing fails then if it stops, but a cancel of
 * the activity is noticed. Until {@link #progress} is called it keeps what was saved before.
 *
 * <p>It shows that the worker lives, not that the work moves: the attempt's timeout bounds that.
 * Work that comes back to its own code often needs {@link Checkpoint} instead.
 */
public final class Heartbeats implements AutoCloseable {
  private static final Duration MAX = Duration.ofSeconds(5);
  private static final Duration SHORTEST = Duration.ofMillis(10);
  private static final int IN_TIMEOUT = 3;

  private final ActivityExecutionContext context;
  private final ScheduledExecutorService timer;
  private volatile Object details;
  private volatile @Nullable RuntimeException ended;

  private Heartbeats(ActivityExecutionContext context) {
    this.context = context;
    this.details = saved(context);
    this.timer =
        Executors.newSingleThreadScheduledExecutor(
            task -> {
              Thread thread = new Thread(task, "heartbeat");
              thread.setDaemon(true);
              return thread;
            });
  }

  /** Starts to heartbeat for the activity that this thread runs. */
  public static Heartbeats start() {
    ActivityExecutionContext context = Activity.getExecutionContext();
    Heartbeats heartbeats = new Heartbeats(context);
    Duration every = interval(context.getInfo().getHeartbeatTimeout());
    var unused =
        heartbeats.timer.scheduleAtFixedRate(
            heartbeats::beat, 0, every.toMillis(), TimeUnit.MILLISECONDS);
    return heartbeats;
  }

  /** How often to beat; zero or null is no timeout. */
  static Duration interval(@Nullable Duration timeout) {
    if (timeout == null || timeout.isZero()) {
      return MAX;
    }
    Duration share = timeout.dividedBy(IN_TIMEOUT);
    if (share.compareTo(MAX) > 0) {
      return MAX;
    }
    return share.compareTo(SHORTEST) < 0 ? SHORTEST : share;
  }

  /**
   * What this attempt or an earlier one has saved: a first beat without it would lose it. The SDK
   * gives back what this attempt has sent as the object that it was, whatever type is asked for.
   */
  private static Object saved(ActivityExecutionContext context) {
    try {
      Optional<?> details = context.getHeartbeatDetails(RawValue.class);
      return details.isPresent() ? details.get() : "";
    } catch (DataConverterException e) {
      return "";
    }
  }

  /** Heartbeats while the work runs, and gives its result. */
  public static <R> R during(Supplier<R> work) {
    Heartbeats heartbeats = start();
    try {
      return work.get();
    } finally {
      heartbeats.close();
    }
  }

  /**
   * Says how far the activity is.
   *
   * @throws ActivityCompletionException if the activity was cancelled, timed out, or its run is
   *     gone
   * @throws DataConverterException if an earlier progress cannot be sent
   */
  public void progress(Object progress) {
    details = progress;
    RuntimeException end = ended;
    if (end != null) {
      throw end;
    }
  }

  private void beat() {
    try {
      context.heartbeat(details);
    } catch (ActivityCompletionException | DataConverterException e) {
      ended = e;
      timer.shutdown();
    }
  }

  @Override
  public void close() {
    timer.shutdownNow();
  }
}
