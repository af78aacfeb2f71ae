package io.millrace.bench.training;

import io.millrace.bench.Given;
import io.millrace.core.training.GateSimulation;
import io.millrace.core.training.GateSimulation.Chain;
import io.millrace.core.training.GateSimulation.NextCandidate;
import io.millrace.core.training.GateSimulation.Rule;
import io.millrace.core.training.GateSimulation.TestPart;
import io.millrace.core.training.PromotionGate;
import io.millrace.workflows.training.TrainingParams;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * How often the gate promotes models whose true AUC is lower than, equal to or higher than the
 * champion's, and what becomes of a champion over {@value GateSimulation#CHAIN} retrainings.
 *
 * <p>Usage: {@code GateBench [--trials 10000] [--chains 50]}. The gate is the default of {@code
 * training_pipeline}; the same arguments print the same figures.
 */
public final class GateBench {
  private static final double NOISE = 1;
  private static final List<TestPart> PARTS =
      List.of(
          new TestPart(75, 20, 1),
          new TestPart(300, 90, 2),
          new TestPart(1_500, 450, 2),
          new TestPart(1_500, 60, 4));
  private static final List<Double> DIFFERENCES = List.of(-0.02, -0.01, -0.005, 0.0, 0.01, 0.03);

  private GateBench() {}

  /** Prints two tables as Markdown. */
  public static void main(String[] args) {
    Given given = Given.of(args);
    PromotionGate gate = TrainingParams.DEFAULT.gate();
    System.out.println("gate: " + gate);
    promotions(Rule.of(gate), given.number("--trials", 10_000));
    chains(gate, given.number("--chains", 50));
  }

  private static void promotions(Rule rule, int trials) {
    System.out.println("\n| test part | AUC | " + join("%+.3f", DIFFERENCES) + " |");
    System.out.println("|---|---|" + "---|".repeat(DIFFERENCES.size()));
    for (TestPart part : PARTS) {
      GateSimulation simulation = new GateSimulation(part);
      double auc = simulation.auc(NOISE);
      List<Double> shares =
          DIFFERENCES.stream()
              .map(difference -> difference == 0 ? NOISE : simulation.noiseFor(auc + difference))
              .map(noise -> 100 * simulation.promoted(rule, NOISE, noise, trials, 1))
              .toList();
      line(
          "| %,d rows, %d positive, %d a session | %.3f | %s |",
          part.rows(), part.positives(), part.rowsInSession(), auc, join("%.1f %%", shares));
    }
  }

  private static void chains(PromotionGate gate, int chains) {
    GateSimulation simulation = new GateSimulation(new TestPart(1_500, 450, 2));
    double worse = simulation.noiseFor(simulation.auc(NOISE) - 0.004) - NOISE;
    NextCandidate lucky =
        (first, champion, random) -> first * Math.exp(0.1 * random.nextGaussian());
    NextCandidate equal = (first, champion, random) -> champion;
    NextCandidate little = (first, champion, random) -> champion + worse;
    System.out.println("\n| candidates | rule | AUC before | after | promotions | of worse |");
    System.out.println("|---|---|---|---|---|---|");
    Map<String, Rule> rules = new LinkedHashMap<>();
    rules.put("this gate", Rule.of(gate));
    rules.put("1 % of the last", Rule.onePercentOfTheLast());
    rules.forEach(
        (name, rule) -> {
          row(
              "like the first one, better or worse by luck",
              name,
              simulation.chain(rule, NOISE, lucky, chains, 1));
          row("as good as the champion", name, simulation.chain(rule, NOISE, equal, chains, 2));
          row(
              "0.004 worse than the champion",
              name,
              simulation.chain(rule, NOISE, little, chains, 3));
        });
  }

  private static void row(String candidates, String rule, Chain chain) {
    line(
        "| %s | %s | %.4f | %.4f | %.1f | %.1f |",
        candidates, rule, chain.before(), chain.after(), chain.promotions(), chain.ofWorse());
  }

  private static String join(String pattern, List<Double> values) {
    return String.join(
        " | ", values.stream().map(v -> String.format(Locale.ROOT, pattern, v)).toList());
  }

  private static void line(String pattern, Object... figures) {
    System.out.println(String.format(Locale.ROOT, pattern, figures));
  }
}
