package io.millrace.serving.models;

import io.millrace.core.registry.Aliases;
import io.millrace.core.registry.NotRegisteredException;
import io.millrace.core.registry.RegistryUnavailableException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Finds out what should serve one model now. Used once. */
final class Refresh {
  private final ModelSource source;
  private final LoadAttempts attempts;
  private final Instant at;
  private final String model;
  private final @Nullable ActiveVersions now;
  private final @Nullable ServedVersion candidate;
  private final Map<String, String> refused = new TreeMap<>();
  private final List<ServedVersion> dropped = new ArrayList<>();

  /**
   * What was found: either what serves next, or what is gone.
   *
   * @param detail a sentence on what is gone, or on why nothing can be served
   */
  record Outcome(@Nullable ActiveVersions next, Gone.@Nullable Cause cause, String detail) {}

  /**
   * Does nothing yet.
   *
   * @param now what serves; null if nothing does
   * @param candidate a version that is loaded already; null if there is none
   */
  Refresh(
      ModelSource source,
      LoadAttempts attempts,
      Instant at,
      String model,
      @Nullable ActiveVersions now,
      @Nullable ServedVersion candidate) {
    this.source = source;
    this.attempts = attempts;
    this.at = at;
    this.model = model;
    this.now = now;
    this.candidate = candidate;
  }

  /**
   * Asks the registry, and loads what is new.
   *
   * @throws RegistryUnavailableException if it gives no answer
   */
  Outcome run() {
    Rollout rollout;
    try {
      rollout = source.rollout(model);
    } catch (NotRegisteredException e) {
      return new Outcome(null, Gone.Cause.MODEL, String.valueOf(e.getMessage()));
    }
    @Nullable ServedVersion champion = version(rollout.champion(), Aliases.CHAMPION);
    if (champion != null) {
      return new Outcome(next(rollout, champion), null, "");
    }
    if (now == null) {
      return new Outcome(null, null, whyNone(rollout.champion()));
    }
    @Nullable String missing = missing(now.champion());
    if (missing != null) {
      return new Outcome(null, Gone.Cause.VERSION, missing);
    }
    return rollout.champion() == null
        ? new Outcome(null, Gone.Cause.ALIAS, whyNone(null))
        : new Outcome(next(rollout, now.champion()), null, "");
  }

  /** Versions that were loaded and that the registry has no more. */
  List<ServedVersion> dropped() {
    return dropped;
  }

  private ActiveVersions next(Rollout rollout, ServedVersion champion) {
    boolean changed = now == null || !now.champion().is(champion.version(), champion.identity());
    @Nullable ServedVersion canary = canary(rollout);
    @Nullable ServedVersion shadow = version(rollout.shadow(), Aliases.SHADOW);
    @Nullable ServedVersion before = now == null ? null : changed ? now.champion() : now.previous();
    return new ActiveVersions(
        champion,
        canary,
        rollout.canaryShare(),
        shadow,
        before == null || missing(before) != null ? null : before,
        changed || now == null ? at : now.since(),
        refused,
        null);
  }

  private @Nullable ServedVersion canary(Rollout rollout) {
    @Nullable String problem = rollout.canaryProblem();
    @Nullable String version = rollout.canary();
    if (problem != null && version != null) {
      refused.put(version, problem);
      return null;
    }
    return version(version, Aliases.CANARY);
  }

  /** The version that an alias points at, loaded; null if there is none or it is refused. */
  private @Nullable ServedVersion version(@Nullable String version, String alias) {
    if (version == null) {
      return null;
    }
    try {
      String identity = source.find(model, version).identity();
      @Nullable ServedVersion known = inMemory(version, identity);
      return known != null ? known.by(alias) : load(version, alias);
    } catch (NotRegisteredException | IllegalArgumentException e) {
      // Deleted since the aliases were read: as if the alias were gone, too.
      refused.put(version, String.valueOf(e.getMessage()));
      return null;
    }
  }

  /** A version whose files cannot be reached holds up neither the others nor what serves. */
  private @Nullable ServedVersion load(String version, String alias) {
    try {
      return attempts.loadWhenDue(model, version, alias);
    } catch (RegistryUnavailableException e) {
      if (now == null && alias.equals(Aliases.CHAMPION)) {
        throw e;
      }
      refused.put(version, String.valueOf(e.getMessage()));
      return null;
    }
  }

  private @Nullable ServedVersion inMemory(String version, String identity) {
    if (candidate != null && candidate.is(version, identity)) {
      return candidate;
    }
    return now == null ? null : now.inMemory(version, identity);
  }

  /** Why the registry has a loaded version no more; null if it has. */
  private @Nullable String missing(ServedVersion version) {
    String reason;
    try {
      RegisteredVersion found = source.find(model, version.version());
      if (version.is(version.version(), found.identity())) {
        return null;
      }
      reason =
          "Version %s of '%s' was deleted, and another one has got its number"
              .formatted(version.version(), model);
    } catch (NotRegisteredException e) {
      reason = String.valueOf(e.getMessage());
    }
    dropped.add(version);
    return reason;
  }

  private String whyNone(@Nullable String champion) {
    return champion == null
        ? "No version of '%s' has the alias '%s'".formatted(model, Aliases.CHAMPION)
        : "Version %s of '%s' cannot be served: %s"
            .formatted(champion, model, refused.get(champion));
  }
}
