package io.millrace.core.training;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Decides from hold-out metrics alone whether a candidate may become champion. All rules are
 * checked, so that the decision lists every reason and not only the first.
 *
 * @param minAucGain the candidate's AUC must exceed the baseline's by at least this much
 * @param maxLoglossOfBaseRate the candidate's log loss may be at most this share of what always
 *     predicting the base rate costs; 1 = must be no worse
 * @param championTolerance how much worse, relative, the candidate's log loss may be than the
 *     champion's on the same rows
 * @param maxCalibrationError upper bound of {@link BinaryMetrics#excessCalibrationError}, so that a
 *     small test set holds no good model back by chance
 */
public record PromotionGate(
    double minAucGain,
    double maxLoglossOfBaseRate,
    double championTolerance,
    double maxCalibrationError) {

  /** One rule, with the figure it looked at and the figure it wanted. */
  public record Check(String rule, boolean passed, String detail) {}

  /** The gate's word. */
  public sealed interface Decision {
    /** Every rule that was checked. */
    List<Check> checks();

    /** All rules passed. */
    record Promote(List<Check> checks) implements Decision {
      public Promote {
        checks = List.copyOf(checks);
      }
    }

    /** At least one rule failed; the version is kept, the aliases stay where they are. */
    record Hold(List<Check> checks) implements Decision {
      public Hold {
        checks = List.copyOf(checks);
      }

      /** The rules that failed. */
      public List<String> reasons() {
        return checks.stream().filter(check -> !check.passed()).map(Check::detail).toList();
      }
    }
  }

  public PromotionGate {
    if (minAucGain < 0 || maxLoglossOfBaseRate <= 0 || championTolerance < 0) {
      throw new IllegalArgumentException(
          "A gate's margins cannot be negative: minAucGain=" + minAucGain);
    }
    if (!(maxCalibrationError > 0 && maxCalibrationError <= 1)) {
      throw new IllegalArgumentException(
          "maxCalibrationError must be in (0, 1] and is " + maxCalibrationError);
    }
  }

  /**
   * Judges a candidate. All metrics must come from the same hold-out rows.
   *
   * @param champion the current champion's metrics, or null if there is none yet
   */
  public Decision judge(
      BinaryMetrics candidate, BinaryMetrics baseline, @Nullable BinaryMetrics champion) {
    List<Check> checks = new ArrayList<>();
    double wantedAuc = baseline.auc() + minAucGain;
    checks.add(
        check(
            "better than baseline",
            candidate.auc() >= wantedAuc,
            "AUC %.4f, baseline %.4f, wanted at least %.4f",
            candidate.auc(),
            baseline.auc(),
            wantedAuc));
    double allowed = candidate.baseRateLogloss() * maxLoglossOfBaseRate;
    checks.add(
        check(
            "better than the base rate",
            candidate.logloss() <= allowed,
            "logloss %.4f, at most %.4f allowed",
            candidate.logloss(),
            allowed));
    if (champion != null) {
      double limit = champion.logloss() * (1 + championTolerance);
      checks.add(
          check(
              "not worse than the champion",
              candidate.logloss() <= limit,
              "logloss %.4f, champion %.4f, at most %.4f allowed",
              candidate.logloss(),
              champion.logloss(),
              limit));
    }
    checks.add(
        check(
            "calibrated",
            candidate.excessCalibrationError() <= maxCalibrationError,
            "calibration error %.4f, of which %.4f is chance with %d rows; at most %.4f beyond that"
                + " allowed",
            candidate.calibrationError(),
            candidate.calibrationNoise(),
            candidate.rows(),
            maxCalibrationError));
    return checks.stream().allMatch(Check::passed)
        ? new Decision.Promote(checks)
        : new Decision.Hold(checks);
  }

  private static Check check(String rule, boolean passed, String detail, Object... figures) {
    return new Check(rule, passed, rule + ": " + String.format(Locale.ROOT, detail, figures));
  }
}
