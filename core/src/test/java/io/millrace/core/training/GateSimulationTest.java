package io.millrace.core.training;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.core.training.GateSimulation.Chain;
import io.millrace.core.training.GateSimulation.NextCandidate;
import io.millrace.core.training.GateSimulation.Rule;
import io.millrace.core.training.GateSimulation.TestPart;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The probability that the gate states holds for models whose true quality is known. */
class GateSimulationTest {
  private static final PromotionGate GATE = new PromotionGate(0.005, 0.99, 0.01, 0.1);
  private static final Rule RULE = Rule.of(GATE);
  private static final double NOISE = 1;
  private static final int TRIALS = 2_000;

  /** Three standard errors of a share of so many trials above the stated risk. */
  private static double atMost(double risk) {
    return risk + 3 * Math.sqrt(risk * (1 - risk) / TRIALS);
  }

  @ParameterizedTest
  @CsvSource({"75, 20, 1", "75, 25, 3", "200, 60, 2", "400, 40, 4"})
  void promotesAModelThatIsNoBetterAsSeldomAsStated(int rows, int positives, int rowsInSession) {
    GateSimulation gate = new GateSimulation(new TestPart(rows, positives, rowsInSession));

    double equal = gate.promoted(RULE, NOISE, NOISE, TRIALS, 1);
    double worse = gate.promoted(RULE, NOISE, NOISE * 1.15, TRIALS, 2);

    assertThat(equal).isBetween(0.01, atMost(GATE.risk()));
    assertThat(worse).isLessThan(equal);
  }

  @Test
  void promotesAModelThatIsClearlyBetter() {
    GateSimulation gate = new GateSimulation(new TestPart(1_000, 300, 2));

    assertThat(gate.promoted(RULE, NOISE, NOISE * 0.6, 200, 1)).isGreaterThan(0.9);
  }

  @Test
  void doesNotGetWorseBySmallStepsAsTheRuleOfEarlierReleasesDid() {
    GateSimulation gate = new GateSimulation(new TestPart(1_000, 300, 2));
    // Every candidate is a little worse than the champion, by about 0.004 of AUC.
    NextCandidate little = (first, champion, random) -> champion + 0.035;

    Chain now = gate.chain(RULE, NOISE, little, 5, 1);
    Chain before = gate.chain(Rule.onePercentOfTheLast(), NOISE, little, 5, 1);

    assertThat(now.before() - now.after()).isLessThan(0.012);
    assertThat(now.promotions()).isLessThan(GateSimulation.CHAIN * atMost(GATE.risk()));
    assertThat(before.before() - before.after()).isGreaterThan(0.06);
  }

  @Test
  void countsOnTheRowsThemselvesHowOftenChanceCallsAModelBetter() {
    SplittableRandom random = new SplittableRandom(3);
    int rows = 300;
    String[] sessions = new String[rows];
    float[] labels = new float[rows];
    float[] candidate = new float[rows];
    float[] other = new float[rows];
    for (int i = 0; i < rows; i++) {
      sessions[i] = "s" + i / 2;
      labels[i] = random.nextInt(3) == 0 ? 1 : 0;
      candidate[i] = labels[i] + (float) random.nextGaussian();
      other[i] = 100 * (labels[i] + (float) random.nextGaussian());
    }

    ExchangedModels.Rate rate = ExchangedModels.simulate(sessions, labels, candidate, other, 0.95);

    assertThat(rate.draws()).isEqualTo(1_000);
    assertThat(rate.share()).isBetween(0.03, 0.07);
    assertThat(ExchangedModels.simulate(sessions, labels, candidate, other, 0.95)).isEqualTo(rate);
    assertThat(ExchangedModels.simulate(sessions, labels, other, other, 0.95).better()).isZero();
  }
}
