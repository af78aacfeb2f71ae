package io.millrace.core.training;

import io.millrace.core.registry.Aliases;
import java.util.List;
import java.util.SplittableRandom;

/**
 * What the gate does to made-up models whose true quality is known: how often it promotes one that
 * is no better than the champion, and what becomes of the champion over many retrainings.
 *
 * <p>The same seed gives the same figures.
 */
public final class GateSimulation {
  /** How many retrainings a chain has. */
  public static final int CHAIN = 50;

  private static final double WEAK = 3;
  private static final int MEASURED_ROWS = 400_000;

  /**
   * A test part.
   *
   * @param rows how many
   * @param positives about how many of these are positive
   * @param rowsInSession how many rows a session has
   */
  public record TestPart(int rows, int positives, int rowsInSession) {}

  /**
   * What became of a champion, on average over several chains.
   *
   * @param before true AUC of the first champion
   * @param after true AUC of the last one
   * @param promotions in a chain
   * @param ofWorse promotions in a chain of a model whose true AUC is lower
   */
  public record Chain(double before, double after, double promotions, double ofWorse) {}

  /** How the quality of the next candidate comes about, as the noise that it sees through. */
  @FunctionalInterface
  public interface NextCandidate {
    /** The noise, given that of the first and that of the present champion. */
    double noise(double first, double champion, SplittableRandom random);
  }

  /** Whether a candidate is promoted. */
  @FunctionalInterface
  public interface Rule {
    /**
     * Decides.
     *
     * @param comparisons with the champion and, if that is another, with the best so far
     */
    boolean promotes(
        BinaryMetrics candidate, BinaryMetrics baseline, List<ModelComparison> comparisons);

    /** A gate's. */
    static Rule of(PromotionGate gate) {
      return (candidate, baseline, comparisons) ->
          gate.evaluate(candidate, baseline, comparisons) instanceof PromotionGate.Decision.Promote;
    }

    /**
     * The rule of earlier releases, to compare with: a log loss at most 1 % above the champion's.
     */
    static Rule onePercentOfTheLast() {
      return (candidate, baseline, comparisons) -> {
        ModelComparison.Result last = comparisons.get(0).result();
        return last != null && last.candidate().logloss() <= last.other().logloss() * 1.01;
      };
    }
  }

  private final TestPart part;

  /** Simulates on test parts of one kind. */
  public GateSimulation(TestPart part) {
    this.part = part;
  }

  /**
   * The share of trials in which a rule promotes a candidate.
   *
   * @param championNoise the noise that the champion sees through
   * @param candidateNoise that of the candidate; more is worse
   */
  public double promoted(
      Rule rule, double championNoise, double candidateNoise, int trials, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    int promoted = 0;
    for (int trial = 0; trial < trials; trial++) {
      SimulatedRows rows = new SimulatedRows(part, part.rows(), random);
      ModelComparison champion =
          rows.comparison(Aliases.CHAMPION, candidateNoise, 1, championNoise, 0);
      promoted += decides(rule, rows, candidateNoise, 1, List.of(champion)) ? 1 : 0;
    }
    return (double) promoted / trials;
  }

  /** What becomes of a champion over {@value #CHAIN} retrainings, each decided on new rows. */
  public Chain chain(Rule rule, double firstNoise, NextCandidate next, int chains, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    double after = 0;
    int promotions = 0;
    int ofWorse = 0;
    for (int chain = 0; chain < chains; chain++) {
      double champion = firstNoise;
      double best = firstNoise;
      int championModel = 0;
      int bestModel = 0;
      for (int model = 1; model <= CHAIN; model++) {
        double candidate = next.noise(firstNoise, champion, random);
        SimulatedRows rows = new SimulatedRows(part, part.rows(), random);
        ModelComparison last =
            rows.comparison(Aliases.CHAMPION, candidate, model, champion, championModel);
        ModelComparison ever = rows.comparison(Aliases.BEST, candidate, model, best, bestModel);
        List<ModelComparison> comparisons =
            bestModel == championModel ? List.of(last) : List.of(last, ever);
        if (decides(rule, rows, candidate, model, comparisons)) {
          promotions++;
          ofWorse += candidate > champion ? 1 : 0;
          if (comparisons.stream().allMatch(ModelComparison::candidateHasNoHigherLogloss)) {
            best = candidate;
            bestModel = model;
          }
          champion = candidate;
          championModel = model;
        }
      }
      after += auc(champion);
    }
    return new Chain(
        auc(firstNoise), after / chains, (double) promotions / chains, (double) ofWorse / chains);
  }

  private static boolean decides(
      Rule rule, SimulatedRows rows, double noise, int model, List<ModelComparison> comparisons) {
    return rule.promotes(rows.metrics(noise, model), rows.metrics(WEAK, -1), comparisons);
  }

  /** The true AUC of a model, measured on very many rows. */
  public double auc(double noise) {
    return new SimulatedRows(part, MEASURED_ROWS, new SplittableRandom(7)).metrics(noise, 0).auc();
  }

  /** The noise that gives a model this true AUC. */
  public double noiseFor(double auc) {
    double low = 0;
    double high = WEAK;
    for (int step = 0; step < 20; step++) {
      double middle = (low + high) / 2;
      if (auc(middle) > auc) {
        low = middle;
      } else {
        high = middle;
      }
    }
    return (low + high) / 2;
  }
}
