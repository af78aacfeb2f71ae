package io.millrace.serving.models;

import io.millrace.core.registry.Aliases;
import io.millrace.core.registry.NotRegisteredException;
import io.millrace.core.registry.RegistryUnavailableException;
import io.millrace.core.serving.PrintableText;
import java.time.Clock;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The models that are served. Reading one costs a look-up; {@link #refresh} brings it to what the
 * registry says, while requests go on with what is there.
 *
 * <p>A version serves only after it has given the predictions of its golden batch. One that cannot
 * be loaded, or gives others, is refused and reported, and what served before serves on.
 *
 * <p>Gone is not away. What the registry says it does not have is withdrawn after a grace, with all
 * that was kept of it; while the registry gives no answer everything stays as it is.
 */
public final class ModelStore {
  /** How long a model is served after the registry has it no more, if nothing else is said. */
  public static final Duration GRACE = Duration.ofMinutes(1);

  private final ModelSource source;
  private final LoadAttempts attempts;
  private final ModelListener listener;
  private final Clock clock;
  private final Map<String, ActiveVersions> live = new ConcurrentHashMap<>();
  private final Withdrawals withdrawals;
  private final ModelLocks locks = new ModelLocks();

  /** Serves nothing yet, and withdraws after {@link #GRACE}. */
  public ModelStore(ModelSource source, VersionLoader loader, ModelListener listener, Clock clock) {
    this(source, loader, listener, clock, GRACE);
  }

  /**
   * Serves nothing yet.
   *
   * @param grace how long a model is served after the registry has it no more
   */
  public ModelStore(
      ModelSource source,
      VersionLoader loader,
      ModelListener listener,
      Clock clock,
      Duration grace) {
    this.source = source;
    this.attempts = new LoadAttempts(source, loader, listener, clock);
    this.listener = listener;
    this.clock = clock;
    this.withdrawals = new Withdrawals(clock, grace);
  }

  /** What loads its versions, and remembers those that could not be. */
  public LoadAttempts attempts() {
    return attempts;
  }

  /**
   * What serves a model.
   *
   * @throws UnknownModelException if nothing does, with the reason if the model was withdrawn
   */
  public ActiveVersions require(String model) {
    ActiveVersions found = live.get(model);
    if (found == null) {
      @Nullable Withdrawal withdrawn = withdrawals.find(model);
      throw new UnknownModelException(
          withdrawn == null
              ? "No model '%s' is served; there are %s".formatted(PrintableText.of(model), names())
              : "No model '%s' is served: %s".formatted(model, withdrawn.reason()));
    }
    return found;
  }

  /** The names of the models that are served. */
  public List<String> names() {
    return live.keySet().stream().sorted().toList();
  }

  /** What serves each model, by name. */
  public List<ActiveVersions> all() {
    return live.values().stream()
        .sorted(Comparator.comparing(one -> one.champion().model()))
        .toList();
  }

  /** The models that were withdrawn and are not served again, by name. */
  public List<Withdrawal> withdrawn() {
    return withdrawals.all();
  }

  /** Whether the registry has a version no more that was served. */
  public boolean isGone(ServedVersion version) {
    return withdrawals.isGone(version);
  }

  /**
   * Brings a model to what the registry says, and returns what serves it then. One refresh of a
   * model at a time; others wait.
   *
   * @throws UnknownModelException if the model is not registered, or has no champion, and is not
   *     served, or not any more
   * @throws RegistryUnavailableException if the registry cannot be reached
   */
  public ActiveVersions refresh(String model) {
    return locks.with(model, () -> bring(model, null));
  }

  /**
   * The same, but versions that were refused are tried again.
   *
   * @throws UnknownModelException also if the model is gone and served on for its grace, naming the
   *     version
   */
  public ActiveVersions reload(String model) {
    return locks.with(
        model,
        () -> {
          attempts.forget(model);
          ActiveVersions next = bring(model, null);
          @Nullable Gone gone = next.gone();
          if (gone != null) {
            throw new UnknownModelException(
                "Version %s of '%s' is served until %s and no longer: %s"
                    .formatted(next.champion().version(), model, gone.until(), gone.detail()));
          }
          return next;
        });
  }

  private ActiveVersions bring(String model, @Nullable ServedVersion candidate) {
    Refresh refresh =
        new Refresh(source, attempts, clock.instant(), model, live.get(model), candidate);
    Refresh.Outcome outcome = refresh.run();
    if (outcome.next() != null) {
      withdrawals.back(outcome.next());
      refresh.dropped().forEach(withdrawals::gone);
      live.put(model, outcome.next());
      return outcome.next();
    }
    return missed(model, outcome);
  }

  /** Begins or ends the grace of a model that the registry has no more. */
  private ActiveVersions missed(String model, Refresh.Outcome outcome) {
    @Nullable ActiveVersions now = live.get(model);
    Gone.@Nullable Cause cause = outcome.cause();
    String detail = PrintableText.reason(outcome.detail());
    if (now == null || cause == null) {
      throw new UnknownModelException(detail);
    }
    Gone gone = withdrawals.missed(now, cause, detail);
    if (!withdrawals.isOver(gone)) {
      ActiveVersions waiting = now.gone(gone);
      live.put(model, waiting);
      return waiting;
    }
    Withdrawal withdrawal = withdrawals.withdraw(now, gone);
    live.remove(model);
    attempts.forget(model);
    listener.withdrawn(withdrawal);
    throw new UnknownModelException(
        "No model '%s' is served: %s".formatted(model, withdrawal.reason()));
  }

  /** Does something while no refresh of a model runs. */
  <T> T holding(String model, Supplier<T> work) {
    return locks.with(model, work);
  }

  /** Brings a model to what the registry says; the version is loaded already. */
  ActiveVersions refresh(String model, @Nullable ServedVersion loaded) {
    return locks.with(model, () -> bring(model, loaded));
  }

  /**
   * A version of a model that is served, from memory or loaded.
   *
   * @throws IllegalArgumentException if it is damaged or predicts otherwise than its training
   */
  ServedVersion load(String model, String version) {
    @Nullable ServedVersion known =
        require(model).inMemory(version, source.find(model, version).identity());
    return known != null ? known : attempts.load(model, version, Aliases.CHAMPION);
  }

  /** Lets a version that is loaded serve at once, as the registry says. */
  ActiveVersions serve(ServedVersion next) {
    ActiveVersions serving = require(next.model()).promoted(next, clock.instant());
    live.put(next.model(), serving);
    listener.reloaded(next.model(), next.version(), Aliases.CHAMPION, Duration.ZERO, null);
    return serving;
  }

  /**
   * The version that served before; null if none did.
   *
   * @throws UnknownModelException if the registry has it no more
   */
  @Nullable String previous(String model) {
    ActiveVersions now = require(model);
    @Nullable ServedVersion previous = now.previous();
    if (previous == null) {
      return null;
    }
    requireRegistered(now, previous);
    return previous.version();
  }

  private void requireRegistered(ActiveVersions now, ServedVersion previous) {
    String reason = "another version has got its number";
    try {
      RegisteredVersion found = source.find(previous.model(), previous.version());
      if (previous.is(previous.version(), found.identity())) {
        return;
      }
    } catch (NotRegisteredException e) {
      reason = PrintableText.reason(e.getMessage());
    }
    live.put(previous.model(), now.withoutPrevious());
    withdrawals.gone(previous);
    throw new UnknownModelException(
        "Version %s of '%s', which served before, is gone: %s"
            .formatted(previous.version(), previous.model(), reason));
  }

  /** Lets go of all versions, also of those that are being loaded at this moment. */
  public void forget() {
    for (String model : locks.inUse()) {
      Boolean unused = locks.with(model, () -> live.remove(model) != null);
    }
    live.clear();
  }
}
