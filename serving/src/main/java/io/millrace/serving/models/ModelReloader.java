package io.millrace.serving.models;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
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
  private static final long AGAIN_NANOS = 1_000_000_000;

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

  /**
   * Loads all models now, as far as they can be. While the registry is away it tries again until
   * the time is over; a version that is refused is not waited for.
   *
   * @param patience zero for a single try
   * @return whether the registry answered for every model
   */
  public boolean load(Duration patience) {
    long deadline = System.nanoTime() + patience.toNanos();
    boolean answered = refreshAll();
    while (!answered && System.nanoTime() < deadline && !Thread.currentThread().isInterrupted()) {
      LockSupport.parkNanos(AGAIN_NANOS);
      answered = refreshAll();
    }
    return answered;
  }

  /** Looks again and again from now on. */
  public void start(Duration every) {
    var unused =
        thread.scheduleWithFixedDelay(
            this::refreshAll, every.toMillis(), every.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** Looks at a model soon, because somebody said that it changed; if it is one of ours. */
  public void announced(String model) {
    thread.execute(
        () -> {
          if (store.names().contains(model) || wanted().contains(model)) {
            refresh(model);
          }
        });
  }

  /** Why models could not be brought up to date when it was tried last, by model. */
  public Map<String, String> failures() {
    return Map.copyOf(failures);
  }

  /** Whether the registry answered for every model. */
  private boolean refreshAll() {
    List<String> names = wanted();
    boolean answered = !failures.containsKey(REGISTRY);
    for (String name : names) {
      answered &= refresh(name);
    }
    return answered;
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
  private boolean refresh(String model) {
    try {
      Live unused = store.refresh(model);
      failures.remove(model);
      return true;
    } catch (UnknownModelException e) {
      noted(model, e);
      return true;
    } catch (RuntimeException e) {
      noted(model, e);
      return false;
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
