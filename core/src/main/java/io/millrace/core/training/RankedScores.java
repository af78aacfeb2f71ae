package io.millrace.core.training;

import java.util.Arrays;

/**
 * A model's scores as ranks: all that the area under its ROC curve depends on. Ranks of two models
 * are on one scale, where their scores need not be.
 *
 * @param ranks twice the rank of each row, lowest score first; tied rows share their mean rank
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record RankedScores(int[] ranks) {

  /**
   * Ranks scores.
   *
   * @param rows how many there must be
   * @throws IllegalArgumentException if there are not as many, or some are not finite; says how
   *     many
   */
  static RankedScores of(float[] scores, int rows) {
    if (scores.length != rows) {
      throw new IllegalArgumentException(scores.length + " scores for " + rows + " rows");
    }
    int[] keys = new int[rows];
    int wrong = 0;
    for (int i = 0; i < rows; i++) {
      wrong += Float.isFinite(scores[i]) ? 0 : 1;
      int bits = Float.floatToIntBits(scores[i] + 0.0f); // -0 becomes 0
      keys[i] = bits >= 0 ? bits : bits ^ Integer.MAX_VALUE; // orders as the numbers do
    }
    if (wrong > 0) {
      throw new IllegalArgumentException(
          "%,d of %,d scores are not finite numbers".formatted(wrong, rows));
    }
    int[] ranks = new int[rows];
    long[] order = sorted(keys);
    for (int start = 0; start < rows; ) {
      int end = endOfTie(order, start);
      for (int i = start; i < end; i++) {
        ranks[(int) order[i]] = start + end + 1;
      }
      start = end;
    }
    return new RankedScores(ranks);
  }

  /**
   * Of a positive row the share of negative rows below it, of a negative row the share of positive
   * rows above it; ties count one half. The mean over either label is the area.
   */
  double[] placements(boolean[] positive, int positives) {
    double negatives = positive.length - positives;
    double[] placements = new double[positive.length];
    long[] order = sorted(ranks);
    int positivesBelow = 0;
    for (int start = 0; start < order.length; ) {
      int end = endOfTie(order, start);
      int positivesHere = 0;
      for (int i = start; i < end; i++) {
        positivesHere += positive[(int) order[i]] ? 1 : 0;
      }
      double negativesBelow = start - positivesBelow + (end - start - positivesHere) / 2.0;
      double positivesAbove = positives - positivesBelow - positivesHere / 2.0;
      for (int i = start; i < end; i++) {
        int row = (int) order[i];
        placements[row] = positive[row] ? negativesBelow / negatives : positivesAbove / positives;
      }
      positivesBelow += positivesHere;
      start = end;
    }
    return placements;
  }

  /** Keys above, rows below: sorts without boxing. */
  private static long[] sorted(int[] keys) {
    long[] order = new long[keys.length];
    for (int i = 0; i < keys.length; i++) {
      order[i] = ((long) keys[i] << 32) | i;
    }
    Arrays.sort(order);
    return order;
  }

  private static int endOfTie(long[] order, int start) {
    int end = start + 1;
    while (end < order.length && order[end] >> 32 == order[start] >> 32) {
      end++;
    }
    return end;
  }
}
