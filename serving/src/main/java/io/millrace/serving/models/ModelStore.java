package io.millrace.serving.models;

import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The models that are served. Reading one costs a look-up; {@link #refresh} brings it to what the
 * registry says, while requests go on with what is there.
 *
 * <p>A version serves only after it has given the predictions of its golden batch. One that cannot
 * be loaded, or gives others, is refused and reported, and what served before serves on. The same
 * holds while the registry is away.
 */
public final class ModelStore {
  private static final Logger log = LoggerFactory.getLogger(ModelStore.class);

  private final ModelSource source;
  private final VersionLoader loader;
  private final ReloadListener listener;
  private final Clock clock;
  private final Map<String, Live> live = new ConcurrentHashMap<>();

  /** One object a model, for ever: names of models are few. */
  private final Map<String, Object> locks = new ConcurrentHashMap<>();

  /** Serves nothing yet. */
  public ModelStore(
      ModelSource source, VersionLoader loader, ReloadListener listener, Clock clock) {
    this.source = source;
    this.loader = loader;
    this.listener = listener;
    this.clock = clock;
  }

  /** Told of each attempt to change what serves. */
  @FunctionalInterface
  public interface ReloadListener {
    /** Version {@code version} of the model now serves by the alias, or not, and why. */
    void reloaded(
        String model, String version, String alias, Duration took, @Nullable String refusal);
  }

  /**
   * What serves a model.
   *
   * @throws UnknownModelException if nothing does
   */
  public Live require(String model) {
    Live found = live.get(model);
    if (found == null) {
      throw new UnknownModelException(
          "No model '%s' is served; there are %s".formatted(model, names()));
    }
    return found;
  }

  /** The names of the models that are served. */
  public List<String> names() {
    return live.keySet().stream().sorted().toList();
  }

  /**
   * Brings a model to what the registry says, and returns what serves it then. One refresh of a
   * model at a time; others wait.
   *
   * @throws UnknownModelException if the model is not registered, or has no champion, and is not
   *     served
   * @throws RuntimeException if the registry cannot be reached
   */
  public Live refresh(String model) {
    synchronized (lock(model)) {
      return bring(model, live.get(model));
    }
  }

  /** The same, but versions that were refused are tried again. */
  public Live reload(String model) {
    synchronized (lock(model)) {
      Live now = live.get(model);
      return bring(model, now == null ? null : now.withoutRefusals());
    }
  }

  private Live bring(String model, @Nullable Live now) {
    Live next = next(model, source.rollout(model), now);
    live.put(model, next);
    return next;
  }

  /**
   * Goes back to the champion before this one, at once, and moves the alias in the registry.
   *
   * @throws UnknownModelException if nothing serves the model, or nothing served it before
   */
  public Live rollBack(String model) {
    synchronized (lock(model)) {
      Live now = require(model);
      ServedVersion previous = now.previous();
      if (previous == null) {
        throw new UnknownModelException(
            "Version %s of '%s' is the first that this replica serves; move the alias instead"
                .formatted(now.champion().version(), model));
      }
      source.promote(model, previous.version());
      Live back = now.promoted(previous, clock.instant());
      live.put(model, back);
      listener.reloaded(model, previous.version(), Rollout.CHAMPION, Duration.ZERO, null);
      return back;
    }
  }

  private Live next(String model, Rollout rollout, @Nullable Live now) {
    Map<String, String> refused = new TreeMap<>();
    ServedVersion champion = champion(model, rollout, now, refused);
    ServedVersion before = now == null ? null : now.champion();
    boolean changed = before == null || !before.version().equals(champion.version());
    return new Live(
        champion,
        version(model, rollout.canary(), Rollout.CANARY, now, refused),
        rollout.canaryShare(),
        version(model, rollout.shadow(), Rollout.SHADOW, now, refused),
        changed ? before : (now == null ? null : now.previous()),
        changed || now == null ? clock.instant() : now.since(),
        refused);
  }

  private ServedVersion champion(
      String model, Rollout rollout, @Nullable Live now, Map<String, String> refused) {
    ServedVersion champion = version(model, rollout.champion(), Rollout.CHAMPION, now, refused);
    if (champion != null) {
      return champion;
    }
    if (now != null) {
      return now.champion();
    }
    String version = rollout.champion();
    throw new UnknownModelException(
        version == null
            ? "No version of '%s' has the alias '%s'".formatted(model, Rollout.CHAMPION)
            : "Version %s of '%s' cannot be served: %s"
                .formatted(version, model, refused.get(version)));
  }

  /** The version an alias points at: the one in memory, or a loaded one; null if there is none. */
  private @Nullable ServedVersion version(
      String model,
      @Nullable String version,
      String alias,
      @Nullable Live now,
      Map<String, String> refused) {
    if (version == null) {
      return null;
    }
    Optional<ServedVersion> known = inMemory(version, now);
    if (known.isPresent()) {
      return known.get().by(alias);
    }
    @Nullable String before = now == null ? null : now.refused().get(version);
    if (before != null) {
      refused.put(version, before);
      return null;
    }
    return load(model, version, alias, refused);
  }

  private static Optional<ServedVersion> inMemory(String version, @Nullable Live now) {
    if (now == null) {
      return Optional.empty();
    }
    @Nullable ServedVersion previous = now.previous();
    if (previous != null && previous.version().equals(version)) {
      return Optional.of(previous);
    }
    return now.versions().values().stream()
        .filter(one -> one.version().equals(version))
        .findFirst();
  }

  private @Nullable ServedVersion load(
      String model, String version, String alias, Map<String, String> refused) {
    long started = System.nanoTime();
    ServedVersion loaded;
    try {
      loaded = loader.load(model, version, alias);
    } catch (IllegalArgumentException e) {
      refused.put(version, String.valueOf(e.getMessage()));
      log.error("model refused name={} version={} alias={}", model, version, alias, e);
      listener.reloaded(model, version, alias, since(started), e.getMessage());
      return null;
    }
    log.info("model loaded name={} version={} alias={}", model, version, alias);
    listener.reloaded(model, version, alias, since(started), null);
    return loaded;
  }

  /**
   * Lets another version be the champion, in the registry and here.
   *
   * @throws RuntimeException if there is no such version, or the registry cannot be reached
   */
  public Live promote(String model, String version) {
    synchronized (lock(model)) {
      Live now = require(model);
      if (!now.champion().version().equals(version)) {
        if (inMemory(version, now).isEmpty()) {
          // A version that does not predict as it was trained must not get the alias either.
          var unused = loader.load(model, version, Rollout.CHAMPION);
        }
        source.promote(model, version);
      }
      return bring(model, now.withoutRefusals());
    }
  }

  /**
   * Gives the canary another share of the users, in the registry and here.
   *
   * @param share 0 to 1
   */
  public Live shareCanary(String model, double share) {
    synchronized (lock(model)) {
      Live now = require(model);
      source.shareCanary(model, share);
      return bring(model, now);
    }
  }

  /** Lets go of all versions, also of those that are being loaded at this moment. */
  public void forget() {
    for (String model : locks.keySet()) {
      synchronized (lock(model)) {
        live.remove(model);
      }
    }
  }

  private Object lock(String model) {
    return locks.computeIfAbsent(model, name -> new Object());
  }

  private static Duration since(long started) {
    return Duration.ofNanos(System.nanoTime() - started);
  }
}
