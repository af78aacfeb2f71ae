package io.millrace.workflows.training;

import io.millrace.core.registry.Aliases;
import io.millrace.core.training.BinaryMetrics;
import io.millrace.core.training.ModelComparison;
import io.millrace.engine.Summary;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * How well a candidate does on its untouched test rows, and beside the versions it must be compared
 * with.
 *
 * @param candidate the new model, on its test part
 * @param baseline a logistic regression trained on the same rows as the candidate, on the same part
 * @param champion the current champion with its own category mappings, on the rows of the test part
 *     that it has not learned from either; null if there is no champion or it cannot be compared
 * @param championVersion its version, or null if there is none
 * @param scorerDifference the most by which serving's scorer and XGBoost differ on the candidate,
 *     relative for values over 1; or null in runs that are older than the check
 * @param comparisons with the champion first and then, if that is another version, with the best
 *     champion so far; empty without a champion; null in runs that are older than this field
 */
public record Evaluation(
    BinaryMetrics candidate,
    BinaryMetrics baseline,
    @Nullable BinaryMetrics champion,
    @Nullable String championVersion,
    @Nullable Double scorerDifference,
    @Nullable List<ModelComparison> comparisons)
    implements Summary {
  private static final String EARLIER =
      "An earlier release evaluated it, without a comparison on rows that neither version has"
          + " learned from. Start the training again.";

  public Evaluation {
    comparisons = comparisons == null ? null : List.copyOf(comparisons);
  }

  /**
   * The comparisons that the gate decides by; one without a result if an earlier release made it.
   */
  public List<ModelComparison> allComparisons() {
    if (comparisons != null) {
      return comparisons;
    }
    return championVersion == null
        ? List.of()
        : List.of(new ModelComparison(Aliases.CHAMPION, championVersion, 0, 0, null, EARLIER));
  }

  /** Whether no version beside it has a lower log loss, so that it is the best from now on. */
  public boolean becomesBest() {
    return allComparisons().stream().allMatch(ModelComparison::candidateHasNoHigherLogloss);
  }

  @Override
  public String summary() {
    String against =
        championVersion == null
            ? "no champion yet"
            : champion == null
                ? "champion " + championVersion + " cannot be compared"
                : String.format(
                    Locale.ROOT,
                    "champion %s AUC %.4f logloss %.4f on %,d rows that neither has learned from",
                    championVersion,
                    champion.auc(),
                    champion.logloss(),
                    champion.rows());
    return String.format(
        Locale.ROOT,
        "AUC %.4f logloss %.4f; baseline AUC %.4f logloss %.4f; %s",
        candidate.auc(),
        candidate.logloss(),
        baseline.auc(),
        baseline.logloss(),
        against);
  }
}
