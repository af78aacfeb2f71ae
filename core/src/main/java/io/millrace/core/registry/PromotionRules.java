package io.millrace.core.registry;

import io.millrace.core.registry.PromotionRecord.Kind;
import io.millrace.core.registry.PromotionRefusedException.Rule;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What a version needs to become the champion. */
final class PromotionRules {
  private PromotionRules() {}

  /** Who wants to go past the gate must say so. */
  static void requireGate(PromotionRequest request, ModelVersion version) {
    @Nullable String gate = version.tags().get(ModelVersion.GATE);
    if (!request.forced() && !ModelVersion.PASSED.equals(gate)) {
      throw new PromotionRefusedException(
          Rule.GATE,
          "Version %s of '%s' %s. To let it serve anyway, force the promotion and give a reason"
              .formatted(
                  version.version(),
                  version.name(),
                  gate == null ? "was evaluated by no gate" : "did not pass the gate"));
    }
  }

  /** A retry finds the alias at its own version. */
  static void requireComparison(PromotionRequest request, @Nullable String champion) {
    PromotionRequest.@Nullable Comparison comparison = request.comparison();
    if (comparison != null
        && !Objects.equals(champion, comparison.champion())
        && !request.version().equals(champion)) {
      throw new PromotionRefusedException(
          Rule.COMPARISON,
          "the alias %s points at %s, but the comparison was with %s: start the training again"
              .formatted(
                  Aliases.CHAMPION,
                  champion == null ? "no version" : "version " + champion,
                  comparison.champion() == null ? "none" : "version " + comparison.champion()));
    }
  }

  /** The best version so far, with what a gate found; null if no gate has found any. */
  static @Nullable String best(RegisteredModel model, PromotionRequest request) {
    @Nullable String best = model.aliases().get(Aliases.BEST);
    PromotionRequest.@Nullable Comparison comparison = request.comparison();
    if (comparison == null) {
      return best;
    }
    return comparison.best() ? request.version() : best == null ? comparison.champion() : best;
  }

  /**
   * The version that a rollback goes back to.
   *
   * @param champion null if there is none
   * @throws PromotionRefusedException if nothing served before it
   */
  static String previous(
      String name, @Nullable ModelVersion champion, @Nullable String servedBefore) {
    if (champion == null) {
      throw new PromotionRefusedException(
          Rule.PREVIOUS, "'%s' has no champion: promote a version".formatted(name));
    }
    // After a rollback the way back goes on from what the version had replaced at first.
    List<PromotionRecord> records =
        PromotionRecord.of(champion).stream()
            .filter(record -> record.kind() != Kind.ROLLBACK)
            .toList();
    @Nullable String previous =
        records.isEmpty() ? servedBefore : records.get(records.size() - 1).from();
    if (previous == null) {
      throw new PromotionRefusedException(
          Rule.PREVIOUS,
          "No version of '%s' is known to have served before version %s: promote another one"
              .formatted(name, champion.version()));
    }
    return previous;
  }

  static PromotionRefusedException previousIsGone(
      String name, String version, @Nullable String champion) {
    return new PromotionRefusedException(
        Rule.PREVIOUS,
        "Version %s of '%s', which served before version %s, was deleted: promote another one"
            .formatted(version, name, champion));
  }
}
