package io.millrace.activities.registry;

import io.millrace.core.training.ModelComparison;
import io.millrace.workflows.training.Evaluation;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Moves the aliases of a model to a version that passed the gate.
 *
 * <p>The rule: a version replaces only the champion that it was compared with. If the alias has
 * moved since, by hand or by another run, nothing moves. A retry finds the alias at its own version
 * and completes the move.
 */
final class Promotion {
  private final MlflowRegistry registry;

  Promotion(MlflowRegistry registry) {
    this.registry = registry;
  }

  /**
   * What came of it.
   *
   * @param aliases that point at the version now
   * @param reasons why the others do not
   */
  record Moved(List<String> aliases, List<String> reasons) {}

  Moved promote(MlflowRegistry.Version version, Evaluation evaluation) {
    Optional<String> now =
        registry
            .byAlias(version.name(), RegistryActivitiesImpl.CHAMPION)
            .map(MlflowRegistry.Version::version);
    Optional<String> compared = Optional.ofNullable(evaluation.championVersion());
    if (!now.equals(compared) && !now.equals(Optional.of(version.version()))) {
      return new Moved(
          List.of(),
          List.of(
              "the alias %s points at %s, but the comparison was with %s: start the training again"
                  .formatted(
                      RegistryActivitiesImpl.CHAMPION,
                      now.map("version "::concat).orElse("no version"),
                      compared.map("version "::concat).orElse("none"))));
    }
    // The best first: should this attempt end here, the next one still knows what it replaces.
    boolean best = evaluation.becomesBest();
    if (best) {
      move(ModelComparison.BEST, version);
    } else if (registry.byAlias(version.name(), ModelComparison.BEST).isEmpty()) {
      registry.setAlias(
          version.name(),
          ModelComparison.BEST,
          Objects.requireNonNull(evaluation.championVersion()));
    }
    move(RegistryActivitiesImpl.CHAMPION, version);
    move(RegistryActivitiesImpl.CURRENT, version);
    return new Moved(
        best
            ? List.of(
                RegistryActivitiesImpl.CHAMPION,
                RegistryActivitiesImpl.CURRENT,
                ModelComparison.BEST)
            : List.of(RegistryActivitiesImpl.CHAMPION, RegistryActivitiesImpl.CURRENT),
        List.of());
  }

  private void move(String alias, MlflowRegistry.Version version) {
    registry.setAlias(version.name(), alias, version.version());
  }
}
