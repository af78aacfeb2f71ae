package io.millrace.core.training;

import java.util.Arrays;

/**
 * How well probabilities predicted a yes/no label, on one set of rows.
 *
 * <p>Golden values come from scikit-learn: {@code log_loss}, {@code roc_auc_score}, {@code
 * average_precision_score}, {@code brier_score_loss}. Not checked: that the probabilities come from
 * the rows the labels belong to.
 *
 * @param rows how many rows were scored
 * @param positives how many labels are 1
 * @param logloss mean negative log likelihood, natural log; probabilities are clipped to [1e-15,
 *     1-1e-15] first
 * @param auc area under the ROC curve; tied scores count one half
 * @param prAuc average precision: the mean of precision over the steps of recall, ties taken
 *     together
 * @param brier mean squared error of the probability
 * @param calibrationError expected calibration error over {@value #BINS} bins of equal width: the
 *     mean over rows of |share of positives - mean probability| of the row's bin
 * @param calibrationNoise the calibration error to expect on these rows if every probability were
 *     true: what is chance and not the model's fault, large with few rows. The sum over bins of the
 *     mean of a folded normal distribution with variance p(1-p) summed over the bin's rows
 */
public record BinaryMetrics(
    long rows,
    long positives,
    double logloss,
    double auc,
    double prAuc,
    double brier,
    double calibrationError,
    double calibrationNoise) {
  /** Bins of the calibration error. */
  public static final int BINS = 10;

  private static final double CLIP = 1e-15;

  /** The calibration error beyond what chance explains; never negative. */
  public double excessCalibrationError() {
    return Math.max(0, calibrationError - calibrationNoise);
  }

  /** The share of positive rows. */
  public double baseRate() {
    return (double) positives / rows;
  }

  /** The log loss of always predicting the base rate of these rows: what knowing nothing costs. */
  public double baseRateLogloss() {
    double p = baseRate();
    return -(p * Math.log(p) + (1 - p) * Math.log(1 - p));
  }

  /**
   * Scores probabilities.
   *
   * @param probabilities of label 1, within 0..1
   * @param labels 0 or 1, as many as there are probabilities
   * @throws IllegalArgumentException if sizes differ, probabilities are outside 0..1 or not numbers
   *     (the message says how many), a label is neither 0 nor 1, or all labels are the same (AUC
   *     has no meaning then)
   */
  public static BinaryMetrics of(float[] probabilities, float[] labels) {
    if (probabilities.length != labels.length) {
      throw new IllegalArgumentException(
          probabilities.length + " probabilities for " + labels.length + " labels");
    }
    int rows = labels.length;
    refuseWhatIsNoProbability(probabilities);
    long positives = 0;
    double logloss = 0;
    double brier = 0;
    for (int i = 0; i < rows; i++) {
      double p = probabilities[i];
      boolean positive = Labels.isPositive(labels, i);
      positives += positive ? 1 : 0;
      double clipped = Math.min(1 - CLIP, Math.max(CLIP, p));
      logloss -= Math.log(positive ? clipped : 1 - clipped);
      double error = p - (positive ? 1 : 0);
      brier += error * error;
    }
    if (positives == 0 || positives == rows) {
      throw new IllegalArgumentException(
          "All " + rows + " labels are " + (positives == 0 ? 0 : 1) + ": AUC has no meaning.");
    }
    double[] areas = areas(probabilities, labels, positives);
    return new BinaryMetrics(
        rows,
        positives,
        logloss / rows,
        areas[0],
        areas[1],
        brier / rows,
        calibrationError(probabilities, labels),
        calibrationNoise(probabilities));
  }

  private static void refuseWhatIsNoProbability(float[] probabilities) {
    int wrong = 0;
    int first = -1;
    for (int i = 0; i < probabilities.length; i++) {
      if (!(probabilities[i] >= 0 && probabilities[i] <= 1)) {
        first = wrong == 0 ? i : first;
        wrong++;
      }
    }
    if (wrong > 0) {
      throw new IllegalArgumentException(
          "%,d of %,d scores are no probability, the first %s in row %d"
              .formatted(wrong, probabilities.length, probabilities[first], first));
    }
  }

  /** ROC area and average precision in one pass over the scores, highest first, ties together. */
  private static double[] areas(float[] scores, float[] labels, long positives) {
    // Score bits above, row below: sorts without boxing. Adding 0 makes -0 equal to 0.
    long[] order = new long[scores.length];
    for (int i = 0; i < scores.length; i++) {
      order[i] = ((long) Float.floatToIntBits(scores[i] + 0.0f) << 32) | i;
    }
    Arrays.sort(order);
    double negatives = scores.length - positives;
    double roc = 0;
    double precision = 0;
    long truePositives = 0;
    long seen = 0;
    for (int end = order.length; end > 0; ) {
      int start = end - 1;
      int bits = (int) (order[start] >> 32);
      while (start > 0 && (int) (order[start - 1] >> 32) == bits) {
        start--;
      }
      long hits = 0;
      for (int i = start; i < end; i++) {
        hits += labels[(int) order[i]] > 0.5f ? 1 : 0;
      }
      double misses = end - start - hits;
      roc += misses * (truePositives + hits / 2.0);
      truePositives += hits;
      seen += end - start;
      precision += (double) hits / positives * ((double) truePositives / seen);
      end = start;
    }
    return new double[] {roc / (positives * negatives), precision};
  }

  private static double calibrationError(float[] probabilities, float[] labels) {
    double[] difference = new double[BINS];
    for (int i = 0; i < labels.length; i++) {
      difference[bin(probabilities[i])] += (labels[i] > 0.5f ? 1 : 0) - (double) probabilities[i];
    }
    return Arrays.stream(difference).map(Math::abs).sum() / labels.length;
  }

  private static double calibrationNoise(float[] probabilities) {
    double[] variance = new double[BINS];
    for (float p : probabilities) {
      variance[bin(p)] += p * (1.0 - p);
    }
    double spread = Arrays.stream(variance).map(Math::sqrt).sum();
    return Math.sqrt(2 / Math.PI) * spread / probabilities.length;
  }

  private static int bin(float probability) {
    return Math.min(BINS - 1, (int) (probability * (double) BINS));
  }
}
