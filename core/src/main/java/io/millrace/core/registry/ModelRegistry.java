package io.millrace.core.registry;

import io.millrace.core.registry.PromotionRecord.Kind;
import io.millrace.core.registry.PromotionRefusedException.Rule;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Says which version of a model serves. Every rule about that is here; pipelines, HTTP, the CLI and
 * the demo call it:
 *
 * <ul>
 *   <li>A version serves nobody before it has given the predictions of its golden batch.
 *   <li>A version serves all users only if it passed a gate, or a person forces it with a reason.
 *       One that served before may come back by a rollback. A canary and a shadow need no gate.
 *   <li>{@code champion} and {@code current} move together.
 *   <li>A version replaces only the champion that its gate compared it with.
 *   <li>No champion changes without an audit record on the version: who, when, why, from, to.
 *   <li>A canary's share is written together with the canary, or for the canary that there is.
 *   <li>A change is made completely or not at all.
 * </ul>
 *
 * <p>Can be used by any number of threads. Two changes of one model at the same moment, also by two
 * processes, leave {@code champion} and {@code current} at one version.
 */
public final class ModelRegistry {
  private final RegistryStore store;
  private final VersionCheck check;
  private final Consumer<String> changed;
  private final Clock clock;

  /**
   * Changes nothing yet.
   *
   * @param check is called before a version gets an alias
   * @param changed is given the name of a model whose aliases have moved; must not fail
   */
  public ModelRegistry(
      RegistryStore store, VersionCheck check, Consumer<String> changed, Clock clock) {
    this.store = store;
    this.check = check;
    this.changed = changed;
    this.clock = clock;
  }

  /**
   * Lets a version serve all users. Changes nothing if it does already.
   *
   * @throws NotRegisteredException if there is no such model or version
   * @throws PromotionRefusedException if a rule forbids it
   * @throws RegistryUnavailableException if the registry cannot be reached
   */
  public Promotion promote(PromotionRequest request) {
    RegisteredModel model = requireModel(request.model());
    ModelVersion version = requireVersion(request.model(), request.version());
    @Nullable String champion = model.aliases().get(Aliases.CHAMPION);
    PromotionRules.requireGate(request, version);
    PromotionRules.requireComparison(request, champion);
    verify(version);
    return move(
        model,
        version,
        record(version, champion, request, kind(request)),
        PromotionRules.best(model, request));
  }

  /**
   * Lets the version serve again that served before the champion was promoted, as the champion's
   * audit record says. It is not asked for its gate.
   *
   * @param servedBefore the version to go back to if the champion has no audit record, as one that
   *     an earlier release promoted; null if it is not known
   * @throws NotRegisteredException if there is no such model
   * @throws PromotionRefusedException if nothing served before, it was deleted, or it predicts
   *     something else now
   * @throws RegistryUnavailableException if the registry cannot be reached
   */
  public Promotion rollBack(String name, String by, String reason, @Nullable String servedBefore) {
    RegisteredModel model = requireModel(name);
    @Nullable String champion = model.aliases().get(Aliases.CHAMPION);
    String target =
        PromotionRules.previous(
            name, champion == null ? null : requireVersion(name, champion), servedBefore);
    ModelVersion version =
        store
            .findVersion(name, target)
            .orElseThrow(() -> PromotionRules.previousIsGone(name, target, champion));
    verify(version);
    PromotionRequest request = PromotionRequest.of(name, target, by, reason);
    return move(
        model,
        version,
        record(version, champion, request, Kind.ROLLBACK),
        model.aliases().get(Aliases.BEST));
  }

  /**
   * Lets a version serve a share of the users, instead of the canary that there is.
   *
   * @param share 0 to 1; null for {@link CanaryShare#DEFAULT}
   */
  public void startCanary(String name, String version, @Nullable Double share) {
    double valid = valid(share == null ? CanaryShare.DEFAULT : share);
    RegisteredModel model = requireModel(name);
    verify(requireVersion(name, version));
    change(
        model,
        changes -> {
          changes.modelTag(CanaryShare.key(version), Double.toString(valid));
          changes.alias(Aliases.CANARY, version);
          CanaryShare.keysOfOthers(model, version).forEach(key -> changes.modelTag(key, null));
        });
  }

  /**
   * Gives the canary another share of the users.
   *
   * @param share 0 to 1
   * @return the canary's version
   * @throws PromotionRefusedException if there is no canary
   */
  public String shareCanary(String name, double share) {
    RegisteredModel model = requireModel(name);
    @Nullable String canary = model.aliases().get(Aliases.CANARY);
    if (canary == null) {
      throw new PromotionRefusedException(
          Rule.CANARY,
          "'%s' has no canary: name the version that shall serve %s of the users"
              .formatted(name, valid(share)));
    }
    change(
        model, changes -> changes.modelTag(CanaryShare.key(canary), Double.toString(valid(share))));
    return canary;
  }

  /** Ends the canary, if there is one: the champion serves all users. */
  public void endCanary(String name) {
    RegisteredModel model = requireModel(name);
    change(
        model,
        changes -> {
          changes.alias(Aliases.CANARY, null);
          CanaryShare.keysOfOthers(model, null).forEach(key -> changes.modelTag(key, null));
        });
  }

  /** Lets a version be scored and logged beside the champion. */
  public void startShadow(String name, String version) {
    RegisteredModel model = requireModel(name);
    verify(requireVersion(name, version));
    change(model, changes -> changes.alias(Aliases.SHADOW, version));
  }

  /** Ends the shadow, if there is one. */
  public void endShadow(String name) {
    change(requireModel(name), changes -> changes.alias(Aliases.SHADOW, null));
  }

  /** The audit records of a model, the latest first. */
  public List<PromotionRecord> history(String name) {
    RegisteredModel unused = requireModel(name);
    return store.versions(name).stream()
        .flatMap(version -> PromotionRecord.of(version).stream())
        .sorted(Comparator.comparing(PromotionRecord::at).reversed())
        .toList();
  }

  private RegisteredModel requireModel(String name) {
    return store.model(name).orElseThrow(() -> NotRegisteredException.model(name));
  }

  private ModelVersion requireVersion(String name, String version) {
    return store
        .findVersion(name, version)
        .orElseThrow(() -> NotRegisteredException.version(name, version));
  }

  private void verify(ModelVersion version) {
    try {
      check.verify(version.name(), version.version());
    } catch (IllegalArgumentException e) {
      throw new PromotionRefusedException(Rule.GOLDEN_BATCH, String.valueOf(e.getMessage()), e);
    }
  }

  private static Kind kind(PromotionRequest request) {
    if (request.comparison() != null) {
      return Kind.TRAINING;
    }
    return request.forced() ? Kind.FORCED : Kind.PROMOTION;
  }

  private PromotionRecord record(
      ModelVersion version, @Nullable String champion, PromotionRequest request, Kind kind) {
    return new PromotionRecord(
        clock.instant().truncatedTo(ChronoUnit.MILLIS),
        request.by(),
        request.reason(),
        champion,
        version.version(),
        kind);
  }

  private Promotion move(
      RegisteredModel model, ModelVersion version, PromotionRecord record, @Nullable String best) {
    String to = record.to();
    change(
        model,
        changes -> {
          if (!to.equals(record.from()) && !isRetry(version, record)) {
            changes.newVersionTag(to, record.key(), record.toJson());
          }
          // The best first: should this attempt end here, the next one still knows what it
          // replaces.
          changes.alias(Aliases.BEST, best);
          changes.alias(Aliases.CHAMPION, to);
          changes.alias(Aliases.CURRENT, to);
        });
    settle(model.name(), to);
    List<String> aliases = new ArrayList<>(List.of(Aliases.CHAMPION, Aliases.CURRENT));
    if (to.equals(best)) {
      aliases.add(Aliases.BEST);
    }
    return new Promotion(model.name(), record.from(), to, aliases);
  }

  /** A training promotes its version once: an earlier attempt may have written the record. */
  private static boolean isRetry(ModelVersion version, PromotionRecord record) {
    return record.kind() == Kind.TRAINING
        && PromotionRecord.of(version).stream().anyMatch(known -> known.kind() == Kind.TRAINING);
  }

  /** Another process may have moved the champion between two requests of this one. */
  private void settle(String name, String to) {
    RegisteredModel now = requireModel(name);
    @Nullable String champion = now.aliases().get(Aliases.CHAMPION);
    if (champion != null && !champion.equals(now.aliases().get(Aliases.CURRENT))) {
      store.setAlias(name, Aliases.CURRENT, champion);
    }
    if (!to.equals(champion)) {
      throw new PromotionRefusedException(
          Rule.COMPARISON,
          "Version %s of '%s' was promoted at the same moment by somebody else: version %s does not serve"
              .formatted(champion, name, to));
    }
  }

  private void change(RegisteredModel model, Consumer<Changes> change) {
    Changes changes = new Changes(store, model);
    changes.allOrNone(() -> change.accept(changes));
    changed.accept(model.name());
  }

  private static double valid(double share) {
    if (!CanaryShare.isValid(share)) {
      throw new IllegalArgumentException(
          "A canary's share must be 0 to 1, but is %s".formatted(share));
    }
    return share;
  }
}
