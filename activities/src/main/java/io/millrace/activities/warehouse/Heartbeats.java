package io.millrace.activities.warehouse;

import io.temporal.activity.Activity;
import io.temporal.activity.ActivityExecutionContext;
import io.temporal.client.ActivityCompletionException;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Heartbeats while an activity waits for a long statement or object. The statement itself is
 * bounded by its timeout, the activity by that of its attempt.
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
