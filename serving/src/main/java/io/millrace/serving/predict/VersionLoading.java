package io.millrace.serving.predict;

import io.millrace.core.registry.NotRegisteredException;
import io.millrace.core.registry.RegistryUnavailableException;
import io.millrace.core.serving.PrintableText;
import io.millrace.serving.http.Problem;
import io.millrace.serving.models.ActiveVersions;
import io.millrace.serving.models.PinnedVersions;
import io.millrace.serving.models.ServedVersion;
import io.opentelemetry.context.Context;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Loads versions for requests that will not wait for ever: a bounded number of times, and no longer
 * than the request has time. What it gives up is interrupted.
 */
final class VersionLoading implements AutoCloseable {
  private static final int THREADS = 2;
  private static final int WAITING = 16;
  private static final long FIRST_PAUSE_MILLIS = 50;
  private static final long MAX_PAUSE_MILLIS = 5_000;

  private final PinnedVersions pinned;
  private final ThreadPoolExecutor threads =
      new ThreadPoolExecutor(
          THREADS,
          THREADS,
          0,
          TimeUnit.SECONDS,
          new ArrayBlockingQueue<>(WAITING),
          work -> {
            Thread made = new Thread(work, "version-loading");
            made.setDaemon(true);
            return made;
          });

  VersionLoading(PinnedVersions pinned) {
    this.pinned = pinned;
  }

  /**
   * Loads a version.
   *
   * @param retries further tries after the first, with growing pauses
   * @param sla from {@code started} on
   * @throws Problem 404 if there is no such version or it cannot be served, 503 if the registry did
   *     not answer as often as it was tried, or too many wait, 504 if the time is over
   */
  ServedVersion load(ActiveVersions live, String version, int retries, Duration sla, long started) {
    Context request = Context.current();
    Future<ServedVersion> loading;
    try {
      loading = threads.submit(request.wrap(() -> tryToLoad(live, version, retries)));
    } catch (RejectedExecutionException e) {
      throw Problem.unavailable("Too many versions are being loaded; try again");
    }
    try {
      return loading.get(sla.toNanos() - (System.nanoTime() - started), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      throw InferenceRoutes.late(sla);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof RuntimeException known
          ? known
          : new IllegalStateException("A version could not be loaded", e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw Problem.unavailable("The server is stopping");
    } finally {
      loading.cancel(true);
    }
  }

  private ServedVersion tryToLoad(ActiveVersions live, String version, int retries)
      throws InterruptedException {
    // Another request may have loaded it while this one waited for a thread.
    @Nullable ServedVersion known = pinned.find(live, version);
    if (known != null) {
      return known;
    }
    long pause = FIRST_PAUSE_MILLIS;
    for (int attempt = 0; ; attempt++) {
      try {
        return pinned.load(live, version);
      } catch (NotRegisteredException | IllegalArgumentException e) {
        throw Problem.notFound(
            "Version %s of '%s' cannot be served: %s"
                .formatted(version, live.champion().model(), PrintableText.reason(e.getMessage())));
      } catch (RegistryUnavailableException e) {
        if (attempt == retries) {
          throw Problem.unavailable(
              "Version %s of '%s' could not be loaded in %d tries: %s"
                  .formatted(
                      version,
                      live.champion().model(),
                      attempt + 1,
                      PrintableText.reason(e.getMessage())));
        }
      }
      TimeUnit.MILLISECONDS.sleep(pause);
      pause = Math.min(MAX_PAUSE_MILLIS, 2 * pause);
    }
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }
}
