package io.millrace.serving.models;

import io.millrace.core.registry.RegistryUnavailableException;
import io.millrace.core.serving.PrintableText;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the served models at what the registry says: at once when {@link #announced} is called, and
 * every so often in case an announcement was lost. Models that are served and not named any more
 * are looked at, too, so that what is gone is withdrawn. Loading happens on threads of its own,
 * {@value Loaders#THREADS} models at a time; no request waits for it, and no model for another.
 */
public final class ModelReloader implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(ModelReloader.class);

  private static final String REGISTRY = "the registry";
  private static final long AGAIN_NANOS = 1_000_000_000;

  /** How long one look at all models is waited for; what takes longer goes on without it. */
  private static final Duration MAX_LOOK = Duration.ofMinutes(2);

  private final ModelStore store;
  private final Supplier<List<String>> models;
  private final Runnable alsoEachTime;
  private final Map<String, String> failures = new ConcurrentHashMap<>();
  private final Set<String> unanswered = ConcurrentHashMap.newKeySet();
  private final Loaders loaders = new Loaders(this::refresh);
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
    this(store, models, () -> {});
  }

  private ModelReloader(ModelStore store, Supplier<List<String>> models, Runnable alsoEachTime) {
    this.store = store;
    this.models = models;
    this.alsoEachTime = alsoEachTime;
  }

  /** The same, and looks after versions that requests ask for by number, too. */
  public static ModelReloader of(
      ModelStore store, Supplier<List<String>> models, ModelSource source, PinnedVersions pinned) {
    return new ModelReloader(store, models, () -> pinned.refresh(source, store));
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
    boolean answered = loadOnce();
    while (!answered && System.nanoTime() < deadline && !Thread.currentThread().isInterrupted()) {
      LockSupport.parkNanos(AGAIN_NANOS);
      answered = loadOnce();
    }
    return answered;
  }

  private boolean loadOnce() {
    @Nullable Set<String> names = look();
    if (names == null) {
      return false;
    }
    boolean done = loaders.await(names, MAX_LOOK);
    return done && names.stream().noneMatch(unanswered::contains);
  }

  /** Looks again and again from now on. */
  public void start(Duration every) {
    var unused =
        thread.scheduleWithFixedDelay(
            this::lookAgain, every.toMillis(), every.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** Never throws, as that would be the last look. */
  private void lookAgain() {
    try {
      @Nullable Set<String> unused = look();
    } catch (RuntimeException | Error e) {
      log.error("the look at the registry failed, and is repeated", e);
    }
  }

  /** Looks at a model soon, because somebody said that it changed; if it is one of ours. */
  public void announced(String model) {
    thread.execute(
        () -> {
          if (store.names().contains(model) || wanted().contains(model)) {
            loaders.again(model);
          }
        });
  }

  /** Why models could not be brought up to date when it was tried last, by model. */
  public Map<String, String> failures() {
    return Map.copyOf(failures);
  }

  /** Has all models refreshed by the loaders; null if the registry could not name them. */
  private @Nullable Set<String> look() {
    Set<String> names = new TreeSet<>(wanted());
    if (failures.containsKey(REGISTRY)) {
      return null;
    }
    // Those that the registry has no more are not in its list.
    names.addAll(store.names());
    failures.keySet().retainAll(names);
    unanswered.retainAll(names);
    names.forEach(loaders::submit);
    alsoEachTime.run();
    return names;
  }

  /** The models to serve; none, and a failure noted, while nobody can say. */
  private List<String> wanted() {
    try {
      List<String> names = new ArrayList<>(models.get());
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
      @Nullable Gone gone = store.refresh(model).gone();
      if (gone == null) {
        failures.remove(model);
      } else {
        failures.put(model, gone.detail() + "; served until " + gone.until());
      }
      unanswered.remove(model);
    } catch (UnknownModelException e) {
      noted(model, e);
      unanswered.remove(model);
    } catch (RegistryUnavailableException e) {
      noted(model, e);
      unanswered.add(model);
    } catch (RuntimeException | Error e) {
      unanswered.add(model);
      if (isNew(model, e)) {
        log.error("not refreshed model={}", model, e);
      }
    }
  }

  private void noted(String what, RuntimeException failure) {
    if (isNew(what, failure)) {
      log.warn("not refreshed model={} reason={}", what, failures.get(what));
    }
  }

  private boolean isNew(String what, Throwable failure) {
    String reason = PrintableText.reason(failure.getMessage());
    return !reason.equals(failures.put(what, reason));
  }

  @Override
  public void close() {
    thread.shutdownNow();
    loaders.close();
  }
}
