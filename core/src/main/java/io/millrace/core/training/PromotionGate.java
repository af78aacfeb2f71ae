package io.millrace.core.training;

import io.millrace.core.registry.Aliases;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Decides from hold-out metrics alone whether a candidate may become champion. All rules are
 * checked, so that the decision lists every reason and not only the first.
 *
 * <p>The rule: a candidate replaces a champion only if, on rows that neither has learned from, its
 * AUC is higher with the stated confidence. So a candidate that is no better is promoted in at most
 * {@code 1 - confidence} of the runs, a tie keeps the champion, and nothing is given away that
 * could add up over many runs. The one slack, in log loss, is measured against the best champion
 * there ever was and not against the last one. Without a champion the absolute limits alone decide.
 *
 * @param minAucGain the candidate's AUC must exceed the baseline's by at least this much; 0 to 1
 * @param maxLoglossOfBaseRate the candidate's log loss may be at most this share of what always
 *     predicting the base rate costs; 1 = must be no worse
 * @param championTolerance how much worse, relative, the candidate's log loss may be than that of
 *     the best champion so far, on the same rows; 0 to 1
 * @param maxCalibrationError upper bound of {@link BinaryMetrics#excessCalibrationError}, so that a
 *     small test set holds no good model back by chance
 * @param confidence that a promoted candidate's AUC is higher than the champion's; 0.5 to 0.9999,
 *     or 0 for the usual {@value #CONFIDENCE}
 * @param minTestRows fewer untouched rows decide nothing; at least 2, or 0 for the usual {@value
 *     #TEST_ROWS}
 * @param minTestPositives fewer untouched rows of either label decide nothing; at least 2, or 0 for
 *     the usual {@value #TEST_POSITIVES}
 */
public record PromotionGate(
    double minAucGain,
    double maxLoglossOfBaseRate,
    double championTolerance,
    double maxCalibrationError,
    double confidence,
    long minTestRows,
    long minTestPositives) {

  private static final double CONFIDENCE = 0.95;

  private static final long TEST_ROWS = 75;
  private static final long TEST_POSITIVES = 15;

  /** One rule, with the figure it looked at and the figure it wanted. */
  public record Check(String rule, boolean passed, String detail) {}

  /** What the gate decides. */
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

  /**
   * Checks the limits.
   *
   * @throws IllegalArgumentException naming the one that makes no sense
   */
  public PromotionGate {
    // The JSON of an earlier release leaves them out, which reads as 0.
    confidence = confidence == 0 ? CONFIDENCE : confidence;
    minTestRows = minTestRows == 0 ? TEST_ROWS : minTestRows;
    minTestPositives = minTestPositives == 0 ? TEST_POSITIVES : minTestPositives;
    require(minAucGain >= 0 && minAucGain <= 1, "minAucGain", minAucGain, "from 0 to 1");
    require(
        maxLoglossOfBaseRate > 0 && Double.isFinite(maxLoglossOfBaseRate),
        "maxLoglossOfBaseRate",
        maxLoglossOfBaseRate,
        "a number above 0");
    require(
        championTolerance >= 0 && championTolerance <= 1,
        "championTolerance",
        championTolerance,
        "from 0 to 1");
    require(
        maxCalibrationError > 0 && maxCalibrationError <= 1,
        "maxCalibrationError",
        maxCalibrationError,
        "above 0 and at most 1");
    require(
        confidence >= 0.5 && confidence <= 0.9999, "confidence", confidence, "from 0.5 to 0.9999");
    require(minTestRows >= 2, "minTestRows", minTestRows, "at least 2");
    require(minTestPositives >= 2, "minTestPositives", minTestPositives, "at least 2");
  }

  /** With the usual confidence and test sizes. */
  public PromotionGate(
      double minAucGain,
      double maxLoglossOfBaseRate,
      double championTolerance,
      double maxCalibrationError) {
    this(
        minAucGain,
        maxLoglossOfBaseRate,
        championTolerance,
        maxCalibrationError,
        CONFIDENCE,
        TEST_ROWS,
        TEST_POSITIVES);
  }

  private static void require(boolean ok, String name, Object value, String rule) {
    if (!ok) { // also for NaN, which compares with nothing
      throw new IllegalArgumentException(
          "gate.%s must be %s and is %s".formatted(name, rule, value));
    }
  }

  /** The most that the probability can be to promote a candidate that is no better. */
  public double risk() {
    return 1 - confidence;
  }

  /**
   * Judges a candidate.
   *
   * @param candidate on the test part
   * @param baseline on the same rows
   * @param comparisons with the champion and, if that is another version, with the best champion so
   *     far; empty if there is none yet
   */
  public Decision evaluate(
      BinaryMetrics candidate, BinaryMetrics baseline, List<ModelComparison> comparisons) {
    List<Check> checks = new ArrayList<>();
    checks.add(enough("enough test rows", candidate.rows(), candidate.positives(), ""));
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
    comparisons.forEach(comparison -> checks.addAll(against(comparison)));
    return checks.stream().allMatch(Check::passed)
        ? new Decision.Promote(checks)
        : new Decision.Hold(checks);
  }

  private List<Check> against(ModelComparison comparison) {
    String who = "%s %s".formatted(comparison.alias(), comparison.version());
    String rule = comparison.alias().equals(Aliases.CHAMPION) ? "better than " : "no worse than ";
    ModelComparison.Result result = comparison.result();
    if (result == null) {
      return List.of(check(rule + who, false, "%s", comparison.reason()));
    }
    List<Check> checks = new ArrayList<>();
    checks.add(
        enough(
            "enough rows to compare with " + who,
            comparison.rows(),
            comparison.positives(),
            " that neither version has learned from"));
    if (comparison.alias().equals(Aliases.CHAMPION)) {
      checks.add(better(rule + who, result.auc()));
    }
    double limit = result.other().logloss() * (1 + championTolerance);
    checks.add(
        check(
            "log loss no worse than " + who,
            result.candidate().logloss() <= limit,
            "logloss %.4f, %s %.4f, at most %.4f allowed",
            result.candidate().logloss(),
            who,
            result.other().logloss(),
            limit));
    return checks;
  }

  private Check better(String rule, PairedAuc auc) {
    return check(
        rule,
        auc.lower(confidence) > 0,
        "AUC %.4f against %.4f on %d rows: a difference of %+.4f, with %s %% confidence above"
            + " %+.4f; wanted above 0",
        auc.candidate(),
        auc.other(),
        auc.rows(),
        auc.difference(),
        percent(confidence),
        auc.lower(confidence));
  }

  private Check enough(String rule, long rows, long positives, String which) {
    return check(
        rule,
        rows >= minTestRows && Math.min(positives, rows - positives) >= minTestPositives,
        "%d rows%s, of which %d have label 1; at least %d rows and %d of either label are needed",
        rows,
        which,
        positives,
        minTestRows,
        minTestPositives);
  }

  private static Check check(String rule, boolean passed, String detail, Object... figures) {
    return new Check(rule, passed, rule + ": " + String.format(Locale.ROOT, detail, figures));
  }

  /** A share as percent, with as many digits as it has. */
  static String percent(double share) {
    return java.math.BigDecimal.valueOf(share)
        .movePointRight(2)
        .round(new java.math.MathContext(4))
        .stripTrailingZeros()
        .toPlainString();
  }
}
