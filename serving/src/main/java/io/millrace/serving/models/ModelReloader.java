package io.millrace.serving.models;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the served models at what the registry says: at once when {@link #announced} is called, and
 * every so often in case an announcement was lost. Loading happens on a thread of its own; no
 * request waits for it.
 */
public final class ModelReloader implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(ModelReloader.class);

  private final ModelStore store;
  private final List<String> models;
  private final Map<String, String> failures = new ConcurrentHashMap<>();
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          work -> {
            Thread made = new Thread(work, "model-reload");
            made.setDaemon(true);
            return made;
          });

  /** Knows the models to serve, and does nothing yet. */
  public ModelReloader(ModelStore store, List<String> models) {
    this.store = store;
    this.models = List.copyOf(models);
  }

  /** Loads all models now, as far as they can be, and then looks again and again. */
  public void start(Duration every) {
    models.forEach(this::refresh);
    var unused =
        thread.scheduleWithFixedDelay(
            () -> models.forEach(this::refresh),
            every.toMillis(),
            every.toMillis(),
            TimeUnit.MILLISECONDS);
  }

  /** Looks at a model soon, because somebody said that it changed. Others are ignored. */
  public void announced(String model) {
    if (models.contains(model)) {
      thread.execute(() -> refresh(model));
    }
  }

  /** Why models could not be brought up to date when it was tried last, by model. */
  public Map<String, String> failures() {
    return Map.copyOf(failures);
  }

  /** Never throws: what failed is tried again next time, and said once. */
  private void refresh(String model) {
    try {
      Live unused = store.refresh(model);
      failures.remove(model);
    } catch (RuntimeException e) {
      String reason = String.valueOf(e.getMessage());
      if (!reason.equals(failures.put(model, reason))) {
        log.warn("model not refreshed name={} reason={}", model, reason);
      }
    }
  }

  @Override
  public void close() {
    thread.shutdownNow();
  }
}
