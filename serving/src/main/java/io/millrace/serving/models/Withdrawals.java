package io.millrace.serving.models;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What was served and the registry has no more, so that it can be told from what never was. The
 * newest are kept, and nothing of a model that serves again.
 */
final class Withdrawals {
  private static final Logger log = LoggerFactory.getLogger(Withdrawals.class);
  private static final int MAX_MODELS = 100;
  private static final int MAX_VERSIONS = 1_000;

  private record Key(String model, String version, String identity) {
    static Key of(ServedVersion version) {
      return new Key(version.model(), version.version(), version.identity());
    }
  }

  private final Clock clock;
  private final Duration grace;
  private final Map<String, Withdrawal> models = newest(MAX_MODELS);
  private final Map<Key, Boolean> versions = newest(MAX_VERSIONS);

  /**
   * Begins empty.
   *
   * @param grace how long a model is served after the registry has it no more
   */
  Withdrawals(Clock clock, Duration grace) {
    this.clock = clock;
    this.grace = grace;
  }

  private static <K, V> Map<K, V> newest(int most) {
    return new LinkedHashMap<>() {
      private static final long serialVersionUID = 1L;

      @Override
      protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
        return size() > most;
      }
    };
  }

  /** Begins the grace of a model, or goes on with it. */
  Gone missed(ActiveVersions now, Gone.Cause cause, String detail) {
    @Nullable Gone before = now.gone();
    if (before != null) {
      return before.still(cause, detail);
    }
    Instant at = clock.instant();
    Gone gone = new Gone(cause, detail, at, at.plus(grace));
    log.warn(
        "model gone name={} version={} served_until={} reason={}",
        now.champion().model(),
        now.champion().version(),
        gone.until(),
        detail);
    return gone;
  }

  boolean isOver(Gone gone) {
    return !clock.instant().isBefore(gone.until());
  }

  /** A model is served no more, nor any of its versions. */
  synchronized Withdrawal withdraw(ActiveVersions last, Gone gone) {
    ServedVersion champion = last.champion();
    Withdrawal withdrawal =
        new Withdrawal(
            champion.model(), champion.version(), gone.cause(), gone.detail(), clock.instant());
    models.remove(champion.model());
    models.put(champion.model(), withdrawal);
    last.versions().values().forEach(this::gone);
    if (last.previous() != null) {
      gone(last.previous());
    }
    log.warn(
        "model withdrawn name={} version={} reason={}",
        champion.model(),
        champion.version(),
        gone.detail());
    return withdrawal;
  }

  /** A version is gone. */
  synchronized void gone(ServedVersion version) {
    versions.put(Key.of(version), true);
  }

  /** A model is served. */
  synchronized void back(ActiveVersions now) {
    models.remove(now.champion().model());
    now.versions().values().forEach(version -> versions.remove(Key.of(version)));
  }

  synchronized boolean isGone(ServedVersion version) {
    return versions.containsKey(Key.of(version));
  }

  synchronized @Nullable Withdrawal find(String model) {
    return models.get(model);
  }

  synchronized List<Withdrawal> all() {
    return models.values().stream().sorted(Comparator.comparing(Withdrawal::model)).toList();
  }
}
