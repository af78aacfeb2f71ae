package io.millrace.workflows.training;

import io.millrace.core.training.BinaryMetrics;
import io.millrace.engine.Summary;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Metrics of all contenders on the same untouched test rows.
 *
 * @param candidate the new model
 * @param baseline a logistic regression trained on the same rows as the candidate
 * @param champion the current champion with its own category mappings, or null if there is none
 * @param championVersion its version, or null if there is none
 * @param scorerDifference the most by which serving's scorer and XGBoost differ on the candidate,
 *     relative for values over 1; or null in runs that are older than the check
 */
public record Evaluation(
    BinaryMetrics candidate,
    BinaryMetrics baseline,
    @Nullable BinaryMetrics champion,
    @Nullable String championVersion,
    @Nullable Double scorerDifference)
    implements Summary {

  @Override
  public String summary() {
    String against =
        champion == null
            ? "no champion yet"
            : String.format(
                Locale.ROOT,
                "champion %s AUC %.4f logloss %.4f",
                championVersion,
                champion.auc(),
                champion.logloss());
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
