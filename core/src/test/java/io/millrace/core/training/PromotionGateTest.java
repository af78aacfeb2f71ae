package io.millrace.core.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.core.training.PromotionGate.Decision;
import org.junit.jupiter.api.Test;

class PromotionGateTest {
  private final PromotionGate gate = new PromotionGate(0.01, 0.98, 0.01, 0.1);

  private static BinaryMetrics metrics(double logloss, double auc, double calibrationError) {
    return new BinaryMetrics(1000, 300, logloss, auc, 0.5, 0.2, calibrationError, 0);
  }

  @Test
  void promotesWhatIsBetterThanTheBaselineWhenThereIsNoChampion() {
    Decision decision = gate.judge(metrics(0.55, 0.75, 0.03), metrics(0.58, 0.70, 0.02), null);

    assertThat(decision).isInstanceOf(Decision.Promote.class);
    assertThat(decision.checks()).extracting(PromotionGate.Check::rule).hasSize(3);
  }

  @Test
  void holdsWithEveryReason() {
    Decision decision =
        gate.judge(metrics(0.70, 0.70, 0.2), metrics(0.58, 0.70, 0.02), metrics(0.55, 0.74, 0.03));

    assertThat(decision).isInstanceOf(Decision.Hold.class);
    assertThat(((Decision.Hold) decision).reasons())
        .hasSize(4)
        .anyMatch(reason -> reason.contains("AUC 0.7000, baseline 0.7000, wanted at least 0.7100"))
        .anyMatch(reason -> reason.contains("champion 0.5500"));
  }

  @Test
  void letsAChampionBeReplacedWithinTheTolerance() {
    BinaryMetrics baseline = metrics(0.58, 0.70, 0.02);

    assertThat(gate.judge(metrics(0.505, 0.75, 0.03), baseline, metrics(0.5, 0.76, 0.03)))
        .isInstanceOf(Decision.Promote.class);
    assertThat(gate.judge(metrics(0.506, 0.75, 0.03), baseline, metrics(0.5, 0.76, 0.03)))
        .isInstanceOf(Decision.Hold.class);
  }

  @Test
  void holdsNothingBackForTheNoiseOfASmallTestSet() {
    BinaryMetrics baseline = metrics(0.58, 0.70, 0.02);
    BinaryMetrics noisy = new BinaryMetrics(354, 106, 0.5, 0.75, 0.5, 0.2, 0.14, 0.06);
    BinaryMetrics wrong = new BinaryMetrics(354, 106, 0.5, 0.75, 0.5, 0.2, 0.17, 0.06);

    assertThat(gate.judge(noisy, baseline, null)).isInstanceOf(Decision.Promote.class);
    assertThat(((Decision.Hold) gate.judge(wrong, baseline, null)).reasons())
        .containsExactly(
            "calibrated: calibration error 0.1700, of which 0.0600 is chance with 354 rows; at most"
                + " 0.1000 beyond that allowed");
  }

  @Test
  void refusesSenselessMargins() {
    assertThatThrownBy(() -> new PromotionGate(0, 1, 0, 0))
        .hasMessageContaining("maxCalibrationError");
    assertThatThrownBy(() -> new PromotionGate(-1, 1, 0, 0.1)).hasMessageContaining("negative");
  }
}
