package io.millrace.core.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.core.registry.Aliases;
import io.millrace.core.training.PromotionGate.Decision;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PromotionGateTest {
  private static final BinaryMetrics BASELINE = metrics(0.58, 0.70, 0.02);

  private final PromotionGate gate = new PromotionGate(0.01, 0.98, 0.01, 0.1, 0.95, 75, 15);

  private static BinaryMetrics metrics(double logloss, double auc, double calibrationError) {
    return new BinaryMetrics(1000, 300, logloss, auc, 0.5, 0.2, calibrationError, 0);
  }

  private static BinaryMetrics metrics(long rows, long positives) {
    return new BinaryMetrics(rows, positives, 0.3, 0.8, 0.5, 0.2, 0.02, 0);
  }

  /** A comparison on 1,000 rows. */
  private static ModelComparison comparison(
      String alias, BinaryMetrics candidate, BinaryMetrics other, double standardError) {
    PairedAuc auc = new PairedAuc(1000, 300, 600, candidate.auc(), other.auc(), standardError, 200);
    return new ModelComparison(
        alias, "7", 1000, 300, new ModelComparison.Result(auc, candidate, other, null), null);
  }

  private static ModelComparison withoutResult(String alias, @Nullable String problem) {
    return new ModelComparison(alias, "7", 0, 0, null, problem);
  }

  private List<String> reasons(BinaryMetrics candidate, ModelComparison... comparisons) {
    return gate.evaluate(candidate, BASELINE, List.of(comparisons)) instanceof Decision.Hold hold
        ? hold.reasons()
        : List.of();
  }

  @Test
  void promotesWhatIsBetterThanTheBaselineWhenThereIsNoChampion() {
    Decision decision = gate.evaluate(metrics(0.55, 0.75, 0.03), BASELINE, List.of());

    assertThat(decision).isInstanceOf(Decision.Promote.class);
    assertThat(decision.checks()).extracting(PromotionGate.Check::rule).hasSize(4);
  }

  @Test
  void promotesOnlyWhatIsBetterThanTheChampionWithConfidence() {
    BinaryMetrics candidate = metrics(0.5, 0.78, 0.03);
    BinaryMetrics champion = metrics(0.51, 0.76, 0.03);

    assertThat(reasons(candidate, comparison(Aliases.CHAMPION, candidate, champion, 0.012)))
        .isEmpty();
    assertThat(reasons(candidate, comparison(Aliases.CHAMPION, candidate, champion, 0.013)))
        .singleElement()
        .asString()
        .startsWith(
            "better than champion 7: AUC 0.7800 against 0.7600 on 1000 rows: a difference of")
        .contains("+0.0200, with 95 % confidence above -0.0015; wanted above 0");
  }

  @Test
  void holdsAModelThatIsWorseThanTheChampionThoughItsLogLossIsWithinTheSlack() {
    BinaryMetrics candidate = metrics(0.505, 0.7764, 0.03);
    BinaryMetrics champion = metrics(0.5, 0.7912, 0.03);

    assertThat(reasons(candidate, comparison(Aliases.CHAMPION, candidate, champion, 0.001)))
        .singleElement()
        .asString()
        .contains("AUC 0.7764 against 0.7912");
  }

  @Test
  void keepsTheChampionInATie() {
    BinaryMetrics same = metrics(0.5, 0.79, 0.03);

    assertThat(reasons(same, comparison(Aliases.CHAMPION, same, same, 0))).hasSize(1);
    assertThat(reasons(same, comparison(Aliases.CHAMPION, same, same, 0.01))).hasSize(1);
  }

  @Test
  void measuresTheSlackAgainstTheBestAndNotOnlyTheLast() {
    BinaryMetrics candidate = metrics(0.5095, 0.78, 0.03);
    ModelComparison champion =
        comparison(Aliases.CHAMPION, candidate, metrics(0.505, 0.75, 0.03), 0.001);
    BinaryMetrics best = metrics(0.5, 0.78, 0.03);

    assertThat(reasons(candidate, champion)).isEmpty();
    assertThat(reasons(candidate, champion, comparison(Aliases.BEST, candidate, best, 0.01)))
        .containsExactly(
            "log loss no worse than best 7: logloss 0.5095, best 7 0.5000, at most 0.5050 allowed");
  }

  @Test
  void holdsWhatCannotBeCompared() {
    BinaryMetrics candidate = metrics(0.5, 0.78, 0.03);

    assertThat(reasons(candidate, withoutResult(Aliases.CHAMPION, "Nobody knows its rows.")))
        .containsExactly("better than champion 7: Nobody knows its rows.");
    assertThat(reasons(candidate, withoutResult(Aliases.BEST, "Nobody knows its rows.")))
        .containsExactly("no worse than best 7: Nobody knows its rows.");
  }

  @Test
  void decidesNothingOnTooFewRows() {
    assertThat(reasons(metrics(75, 15))).isEmpty();
    assertThat(reasons(metrics(2, 1)))
        .containsExactly(
            "enough test rows: 2 rows, of which 1 have label 1; at least 75 rows and 15 of either"
                + " label are needed");
    assertThat(reasons(metrics(75, 14))).hasSize(1);
    assertThat(reasons(metrics(75, 61))).hasSize(1);
    BinaryMetrics candidate = metrics(0.5, 0.78, 0.03);
    ModelComparison few = comparison(Aliases.CHAMPION, candidate, metrics(0.51, 0.7, 0.03), 0.001);
    assertThat(
            reasons(candidate, new ModelComparison(few.alias(), "7", 74, 20, few.result(), null)))
        .singleElement()
        .asString()
        .contains("74 rows that neither version has learned from, of which 20 have label 1");
  }

  @Test
  void holdsWithEveryReason() {
    BinaryMetrics bad = metrics(0.70, 0.70, 0.2);

    assertThat(reasons(bad, comparison(Aliases.CHAMPION, bad, metrics(0.55, 0.74, 0.03), 0.01)))
        .hasSize(5)
        .anyMatch(reason -> reason.contains("AUC 0.7000, baseline 0.7000, wanted at least 0.7100"))
        .anyMatch(reason -> reason.contains("champion 7 0.5500"));
  }

  @Test
  void holdsNothingBackForTheNoiseOfASmallTestSet() {
    BinaryMetrics noisy = new BinaryMetrics(354, 106, 0.5, 0.75, 0.5, 0.2, 0.14, 0.06);
    BinaryMetrics wrong = new BinaryMetrics(354, 106, 0.5, 0.75, 0.5, 0.2, 0.17, 0.06);

    assertThat(reasons(noisy)).isEmpty();
    assertThat(reasons(wrong))
        .containsExactly(
            "calibrated: calibration error 0.1700, of which 0.0600 is chance with 354 rows; at most"
                + " 0.1000 beyond that allowed");
  }

  @ParameterizedTest
  @ValueSource(
      doubles = {
        Double.NaN,
        Double.POSITIVE_INFINITY,
        Double.NEGATIVE_INFINITY,
        -1e-9,
        Double.MAX_VALUE * -1
      })
  void refusesLimitsThatAreNoNumberOfTheirRange(double wrong) {
    assertThatThrownBy(() -> new PromotionGate(wrong, 1, 0, 0.1))
        .hasMessageContaining("gate.minAucGain must be from 0 to 1 and is " + wrong);
    assertThatThrownBy(() -> new PromotionGate(0, wrong, 0, 0.1))
        .hasMessageContaining("gate.maxLoglossOfBaseRate");
    assertThatThrownBy(() -> new PromotionGate(0, 1, wrong, 0.1))
        .hasMessageContaining("gate.championTolerance");
    assertThatThrownBy(() -> new PromotionGate(0, 1, 0, wrong))
        .hasMessageContaining("gate.maxCalibrationError");
    assertThatThrownBy(() -> new PromotionGate(0, 1, 0, 0.1, wrong, 75, 15))
        .hasMessageContaining("gate.confidence");
  }

  @Test
  void refusesTestSizesThatDecideNothing() {
    assertThatThrownBy(() -> new PromotionGate(0, 1, 0, 0.1, 0.95, 1, 15))
        .hasMessageContaining("gate.minTestRows must be at least 2 and is 1");
    assertThatThrownBy(() -> new PromotionGate(0, 1, 0, 0.1, 0.95, 75, -1))
        .hasMessageContaining("gate.minTestPositives must be at least 2 and is -1");
  }

  @Test
  void readsTheGateOfAnEarlierReleaseAsOneWithTheUsualConfidence() throws Exception {
    String before =
        "{\"minAucGain\":0.005,\"maxLoglossOfBaseRate\":0.99,\"championTolerance\":0.01,"
            + "\"maxCalibrationError\":0.1}";

    assertThat(new ObjectMapper().readValue(before, PromotionGate.class))
        .isEqualTo(new PromotionGate(0.005, 0.99, 0.01, 0.1));
  }
}
