package io.millrace.core.training;

import io.millrace.core.training.GateSimulation.TestPart;
import java.util.SplittableRandom;

/**
 * Made-up rows, and what models make of them. A row has a true log-odds of being positive, of which
 * a part is its session's. A model sees it through noise, half of which any two models share; its
 * probabilities are calibrated.
 */
final class SimulatedRows {
  private static final double SLOPE = 1.6;
  private static final double SESSION_SHARE = 0.3;

  private final String[] sessions;
  private final float[] labels;
  private final double[] signal;
  private final double[] sharedNoise;
  private final long seed;
  private final int rowsInSession;
  private final double intercept;

  SimulatedRows(TestPart part, int rows, SplittableRandom random) {
    this.rowsInSession = part.rowsInSession();
    double share = (double) part.positives() / part.rows();
    // The log-odds of the middle row that give this share, spread as they are.
    intercept = Math.log(share / (1 - share)) * Math.sqrt(1 + Math.PI * SLOPE * SLOPE / 8);
    sessions = new String[rows];
    labels = new float[rows];
    signal = new double[rows];
    sharedNoise = new double[rows];
    seed = random.nextLong();
    SplittableRandom draws = new SplittableRandom(seed);
    double[] ofSession = new double[2];
    for (int i = 0; i < rows; i++) {
      if (i % rowsInSession == 0) {
        ofSession[0] = draws.nextGaussian();
        ofSession[1] = draws.nextGaussian();
      }
      sessions[i] = Integer.toString(i / rowsInSession);
      signal[i] = mixed(ofSession[0], draws.nextGaussian());
      sharedNoise[i] = mixed(ofSession[1], draws.nextGaussian());
      double odds = intercept + SLOPE * signal[i];
      labels[i] = draws.nextDouble() < 1 / (1 + Math.exp(-odds)) ? 1 : 0;
    }
  }

  private static double mixed(double ofSession, double own) {
    return Math.sqrt(SESSION_SHARE) * ofSession + Math.sqrt(1 - SESSION_SHARE) * own;
  }

  private float[] probabilities(double noise, int model) {
    SplittableRandom draws = new SplittableRandom(seed + 31L * (model + 2));
    double known = 1 / (1 + noise * noise); // the share of a score's spread that is signal
    double left = SLOPE * SLOPE * (1 - known);
    double shrink = 1 / Math.sqrt(1 + Math.PI * left / 8);
    float[] probabilities = new float[labels.length];
    double ofSession = 0;
    for (int i = 0; i < probabilities.length; i++) {
      ofSession = i % rowsInSession == 0 ? draws.nextGaussian() : ofSession;
      double own = mixed(ofSession, draws.nextGaussian());
      double score = signal[i] + noise * Math.sqrt(0.5) * (sharedNoise[i] + own);
      double odds = shrink * (intercept + SLOPE * known * score);
      probabilities[i] = (float) (1 / (1 + Math.exp(-odds)));
    }
    return probabilities;
  }

  /** How well a model predicts these rows. */
  BinaryMetrics metrics(double noise, int model) {
    return BinaryMetrics.of(probabilities(noise, model), labels);
  }

  /** A candidate beside another model; the same number is the same model. */
  ModelComparison comparison(
      String alias, double noise, int model, double otherNoise, int otherModel) {
    float[] candidate = probabilities(noise, model);
    float[] other = probabilities(otherNoise, otherModel);
    BinaryMetrics metrics = BinaryMetrics.of(candidate, labels);
    return new ModelComparison(
        alias,
        Integer.toString(otherModel),
        metrics.rows(),
        metrics.positives(),
        new ModelComparison.Result(
            PairedAuc.of(sessions, labels, candidate, other),
            metrics,
            BinaryMetrics.of(other, labels),
            null),
        null);
  }
}
