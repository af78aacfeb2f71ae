package io.millrace.core.training;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A candidate beside a version that is or was champion, on the same rows. Neither has learned from
 * these rows: they belong to sessions of the candidate's test part that began after all that the
 * other version has learned from.
 *
 * @param alias of the other version, {@code champion} or {@code best}
 * @param version of the other in the registry
 * @param rows of the test part that neither has learned from
 * @param positives of these
 * @param result of the comparison, or null if there was none
 * @param problem why there was none, a sentence; null if there was one
 */
public record ModelComparison(
    String alias,
    String version,
    long rows,
    long positives,
    @Nullable Result result,
    @Nullable String problem) {

  /**
   * Figures of both, on the same rows.
   *
   * @param auc the areas under both ROC curves, and how sure their difference is
   * @param chance how often one of two equally good models would be called better on these rows;
   *     null if that was not simulated
   */
  public record Result(
      PairedAuc auc,
      BinaryMetrics candidate,
      BinaryMetrics other,
      ExchangedModels.@Nullable Rate chance) {}

  /** Checks that there is a result or a reason why there is none. */
  public ModelComparison {
    if (result == null && problem == null) {
      throw new IllegalArgumentException(
          "The comparison with version " + version + " has neither a result nor a problem");
    }
  }

  /** Why there was no comparison; empty if there was one. */
  public String reason() {
    return Objects.requireNonNullElse(problem, "");
  }

  /** Whether the candidate's log loss is the lower one or the same; false if nobody knows. */
  public boolean candidateHasNoHigherLogloss() {
    return result != null && result.candidate().logloss() <= result.other().logloss();
  }
}
