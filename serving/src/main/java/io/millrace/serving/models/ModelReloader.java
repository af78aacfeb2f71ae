package io.millrace.serving.models;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the served models at what the registry says: at once when {@link #announced} is called, and
 * every so often in case an announcement was lost. Loading happens on a thread of its own; no
 * request waits for it.
 */
public final class ModelReloader implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(ModelReloader.class);

  private static final String REGISTRY = "the registry";

  private final ModelStore store;
  private final Supplier<List<String>> models;
  private final Map<String, String> failures = new ConcurrentHashMap<>();
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          work -> {
            Thread made = new Thread(work, "model-reload");
            made.setDaemon(true);
            return made;
          });

  /**
   * Does nothing yet.
   *
   * @param models names the models to serve; asked each time, and may fail while the registry is
   *     away
   */
  public ModelReloader(ModelStore store, Supplier<List<String>> models) {
    this.store = store;
    this.models = models;
  }

  /** Loads all models now, as far as they can be, and then looks again and again. */
  public void start(Duration every) {
    refreshAll();
    var unused =
        thread.scheduleWithFixedDelay(
            this::refreshAll, every.toMillis(), every.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** Looks at a model soon, because somebody said that it changed; if it is one of ours. */
  public void announced(String model) {
    thread.execute(
        () -> {
          if (wanted().contains(model)) {
            refresh(model);
          }
        });
  }

  /** Why models could not be brought up to date when it was tried last, by model. */
  public Map<String, String> failures() {
    return Map.copyOf(failures);
  }

  private void refreshAll() {
    wanted().forEach(this::refresh);
  }

  /** The models to serve; none, and a failure noted, while nobody can say. */
  private List<String> wanted() {
    try {
      List<String> names = models.get();
      failures.remove(REGISTRY);
      return names;
    } catch (RuntimeException e) {
      noted(REGISTRY, e);
      return List.of();
    }
  }

  /** Never throws: what failed is tried again next time, and said once. */
  private void refresh(String model) {
    try {
      Live unused = store.refresh(model);
      failures.remove(model);
    } catch (RuntimeException e) {
      noted(model, e);
    }
  }

  private void noted(String what, RuntimeException failure) {
    String reason = String.valueOf(failure.getMessage());
    if (!reason.equals(failures.put(what, reason))) {
      log.warn("not refreshed model={} reason={}", what, reason);
    }
  }

  @Override
  public void close() {
    thread.shutdownNow();
  }
}
