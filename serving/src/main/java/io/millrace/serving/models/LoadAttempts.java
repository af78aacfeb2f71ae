package io.millrace.serving.models;

import io.millrace.core.registry.NotRegisteredException;
import io.millrace.core.registry.RegistryUnavailableException;
import io.millrace.core.serving.PrintableText;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Loads versions, and remembers those that could not be: such a version is not read again before
 * its pause is over, and its reason is logged once, in one line. Each pause is twice the one before
 * it, up to an hour; all of it begins anew when the version's source, run or tags change, or
 * somebody asks for a reload. A stack trace is logged for faults of the server alone.
 */
public final class LoadAttempts implements VersionLoader {
  private static final Logger log = LoggerFactory.getLogger(LoadAttempts.class);

  /** Versions that are remembered at most; clients name versions, too. */
  private static final int MAX = 1_000;

  private record Key(String model, String version) {}

  private final ModelSource source;
  private final VersionLoader loader;
  private final ModelListener listener;
  private final Clock clock;
  private final Map<Key, Attempt> failed =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Key, Attempt> eldest) {
          return size() > MAX;
        }
      };

  LoadAttempts(ModelSource source, VersionLoader loader, ModelListener listener, Clock clock) {
    this.source = source;
    this.loader = loader;
    this.listener = listener;
    this.clock = clock;
  }

  /** Loads a version for somebody who waits for it: one that was away is tried at once. */
  @Override
  public ServedVersion load(String model, String version, String alias) {
    return load(new Key(model, version), alias, false);
  }

  /** Loads a version that nobody waits for: one that was away has its pause, too. */
  ServedVersion loadWhenDue(String model, String version, String alias) {
    return load(new Key(model, version), alias, true);
  }

  private ServedVersion load(Key key, String alias, boolean patient) {
    String revision = revision(key);
    @Nullable Attempt before = find(key);
    if (before != null && before.revision().equals(revision)) {
      if (clock.instant().isBefore(before.next()) && (before.refused() || patient)) {
        throw before.refused()
            ? new IllegalArgumentException(before.reason())
            : new RegistryUnavailableException(before.reason());
      }
    } else {
      before = null;
    }
    return load(key, alias, revision, before);
  }

  private String revision(Key key) {
    try {
      return source.find(key.model(), key.version()).revision();
    } catch (NotRegisteredException e) {
      forget(key);
      throw e;
    }
  }

  private ServedVersion load(Key key, String alias, String revision, @Nullable Attempt before) {
    long started = System.nanoTime();
    try {
      ServedVersion loaded = loader.load(key.model(), key.version(), alias);
      forget(key);
      log.info("model loaded name={} version={} alias={}", key.model(), key.version(), alias);
      listener.reloaded(key.model(), key.version(), alias, since(started), null);
      return loaded;
    } catch (NotRegisteredException e) {
      forget(key);
      throw e;
    } catch (RuntimeException e) {
      throw failed(key, alias, revision, before, since(started), e);
    }
  }

  private RuntimeException failed(
      Key key,
      String alias,
      String revision,
      @Nullable Attempt before,
      Duration took,
      RuntimeException failure) {
    // Whoever gave up waiting interrupts the work: that says nothing about the version.
    boolean away =
        failure instanceof RegistryUnavailableException || Thread.currentThread().isInterrupted();
    boolean fault = !away && !(failure instanceof IllegalArgumentException);
    String reason =
        PrintableText.reason(
            fault ? "a fault of the server, which its log has: " + failure : failure.getMessage());
    Instant now = clock.instant();
    Attempt attempt =
        before == null
            ? Attempt.first(revision, reason, !away, now)
            : before.again(reason, !away, now);
    synchronized (failed) {
      failed.put(key, attempt);
    }
    if (before == null || !before.reason().equals(reason)) {
      say(key, alias, attempt, fault ? failure : null);
    }
    if (away) {
      return failure;
    }
    listener.reloaded(key.model(), key.version(), alias, took, reason);
    return new IllegalArgumentException(reason, failure);
  }

  private static void say(
      Key key, String alias, Attempt attempt, @Nullable RuntimeException fault) {
    String outcome = attempt.refused() ? "refused" : "not reached";
    if (fault == null) {
      log.warn(
          "model {} name={} version={} alias={} next_try={} reason={}",
          outcome,
          key.model(),
          key.version(),
          alias,
          attempt.next(),
          attempt.reason());
    } else {
      log.error(
          "model {} name={} version={} alias={} next_try={}",
          outcome,
          key.model(),
          key.version(),
          alias,
          attempt.next(),
          fault);
    }
  }

  private @Nullable Attempt find(Key key) {
    synchronized (failed) {
      return failed.get(key);
    }
  }

  private void forget(Key key) {
    synchronized (failed) {
      failed.remove(key);
    }
  }

  /** Forgets a model's: they are tried again when they are wanted next. */
  void forget(String model) {
    synchronized (failed) {
      failed.keySet().removeIf(key -> key.model().equals(model));
    }
  }

  /** How many versions are remembered. */
  int remembered() {
    synchronized (failed) {
      return failed.size();
    }
  }

  private static Duration since(long started) {
    return Duration.ofNanos(System.nanoTime() - started);
  }
}
