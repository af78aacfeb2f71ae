package io.millrace.engine;

import io.temporal.activity.Activity;
import io.temporal.activity.ActivityExecutionContext;
import io.temporal.client.ActivityCompletionException;
import java.time.Duration;
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
 * <p>It shows that the worker lives, not that the work moves: the attempt's timeout bounds that.
 * Work that comes back to its own code often needs {@link Checkpoint} instead.
 */
public final class Heartbeats implements AutoCloseable {
  private static final Duration EVERY = Duration.ofSeconds(5);

  private final ActivityExecutionContext context;
  private final ScheduledExecutorService timer;
  private volatile Object details = "";
  private volatile @Nullable ActivityCompletionException ended;

  private Heartbeats(ActivityExecutionContext context) {
    this.context = context;
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
    Heartbeats heartbeats = new Heartbeats(Activity.getExecutionContext());
    var unused =
        heartbeats.timer.scheduleAtFixedRate(
            heartbeats::beat, 0, EVERY.toMillis(), TimeUnit.MILLISECONDS);
    return heartbeats;
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
   * Tells how far the activity is.
   *
   * @throws ActivityCompletionException if the activity was cancelled, timed out, or its run is
   *     gone
   */
  public void progress(Object progress) {
    details = progress;
    ActivityCompletionException end = ended;
    if (end != null) {
      throw end;
    }
  }

  private void beat() {
    try {
      context.heartbeat(details);
    } catch (ActivityCompletionException e) {
      ended = e;
      timer.shutdown();
    }
  }

  @Override
  public void close() {
    timer.shutdownNow();
  }
}
