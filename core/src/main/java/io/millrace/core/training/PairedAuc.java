package io.millrace.core.training;

import java.util.HashMap;
import java.util.Map;
import org.apache.commons.statistics.distribution.TDistribution;

/**
 * Two models' areas under the ROC curve on the same rows, and how far chance alone can move their
 * difference: DeLong's test for two correlated areas. The rows of one session are not independent,
 * so that the variance is taken over sessions (Obuchowski, "Nonparametric analysis of clustered ROC
 * curve data", Biometrics 53, 1997). With one row a session it is DeLong's own.
 *
 * <p>Bounds use Student's t with as many degrees of freedom as the rarer label has sessions, less
 * one, because a normal distribution is too narrow for few sessions.
 *
 * @param rows compared
 * @param positives rows whose label is 1
 * @param sessions that the rows belong to
 * @param candidate the candidate's area; tied scores count one half
 * @param other the other model's area
 * @param standardError of {@link #difference}; 0 if both rank every pair of rows alike
 * @param degrees of freedom, at least 1
 */
public record PairedAuc(
    long rows,
    long positives,
    long sessions,
    double candidate,
    double other,
    double standardError,
    int degrees) {

  /**
   * Compares two models.
   *
   * @param sessions of each row
   * @param labels 0 or 1 of each row
   * @param candidate scores of each row, on any scale
   * @param other scores of each row, on any scale, which may be another one
   * @throws IllegalArgumentException if sizes differ, a score is not a finite number, a label is
   *     neither 0 nor 1, or fewer than two sessions hold one of the labels
   */
  public static PairedAuc of(String[] sessions, float[] labels, float[] candidate, float[] other) {
    Rows rows = Rows.of(sessions, labels);
    return of(rows, RankedScores.of(candidate, rows.size()), RankedScores.of(other, rows.size()));
  }

  static PairedAuc of(Rows rows, RankedScores candidate, RankedScores other) {
    double[] mine = candidate.placements(rows.positive(), rows.positives());
    double[] theirs = other.placements(rows.positive(), rows.positives());
    double m = rows.positives();
    double n = rows.size() - m;
    double candidateAuc = meanOfPositives(mine, rows);
    double otherAuc = meanOfPositives(theirs, rows);
    double difference = candidateAuc - otherAuc;
    double[] ofPositives = new double[rows.sessions()];
    double[] ofNegatives = new double[rows.sessions()];
    for (int i = 0; i < rows.size(); i++) {
      double[] sums = rows.positive()[i] ? ofPositives : ofNegatives;
      sums[rows.session()[i]] += mine[i] - theirs[i] - difference;
    }
    double variance =
        inflated(rows.withPositive()) * product(ofPositives, ofPositives) / (m * m)
            + inflated(rows.withNegative()) * product(ofNegatives, ofNegatives) / (n * n)
            + 2 * inflated(rows.sessions()) * product(ofPositives, ofNegatives) / (m * n);
    return new PairedAuc(
        rows.size(),
        rows.positives(),
        rows.sessions(),
        candidateAuc,
        otherAuc,
        Math.sqrt(Math.max(0, variance)),
        Math.min(rows.withPositive(), rows.withNegative()) - 1);
  }

  /** Divided at the end, so that a perfect model has an area of 1 and not a little more. */
  private static double meanOfPositives(double[] placements, Rows rows) {
    double sum = 0;
    for (int i = 0; i < placements.length; i++) {
      sum += rows.positive()[i] ? placements[i] : 0;
    }
    return sum / rows.positives();
  }

  /** How much larger the candidate's area is; negative if it is smaller. */
  public double difference() {
    return candidate - other;
  }

  /**
   * What the true difference exceeds with this confidence.
   *
   * @param confidence 0.5 to below 1, one-sided
   */
  public double lower(double confidence) {
    return difference() - reach(confidence);
  }

  /** What the true difference stays below with this confidence, one-sided. */
  public double upper(double confidence) {
    return difference() + reach(confidence);
  }

  private double reach(double confidence) {
    return standardError * TDistribution.of(degrees).inverseCumulativeProbability(confidence);
  }

  private static double inflated(int sessions) {
    return (double) sessions / (sessions - 1);
  }

  private static double product(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }

  /**
   * The labels of rows and the sessions that they belong to.
   *
   * @param positive whether a row's label is 1
   * @param session of each row, numbered from 0
   * @param sessions how many there are
   * @param withPositive sessions with at least one positive row
   * @param withNegative sessions with at least one negative row
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Rows(
      boolean[] positive,
      int positives,
      int[] session,
      int sessions,
      int withPositive,
      int withNegative) {

    static Rows of(String[] sessions, float[] labels) {
      if (sessions.length != labels.length) {
        throw new IllegalArgumentException(
            sessions.length + " sessions for " + labels.length + " labels");
      }
      Map<String, Integer> numbers = new HashMap<>();
      int[] session = new int[labels.length];
      boolean[] positive = new boolean[labels.length];
      int positives = 0;
      for (int i = 0; i < labels.length; i++) {
        session[i] = numbers.computeIfAbsent(sessions[i], s -> numbers.size());
        positive[i] = Labels.isPositive(labels, i);
        positives += positive[i] ? 1 : 0;
      }
      boolean[][] holds = new boolean[2][numbers.size()];
      int[] with = new int[2];
      for (int i = 0; i < labels.length; i++) {
        int label = positive[i] ? 1 : 0;
        with[label] += holds[label][session[i]] ? 0 : 1;
        holds[label][session[i]] = true;
      }
      if (with[0] < 2 || with[1] < 2) {
        throw new IllegalArgumentException(
            "%d of %d sessions hold a row with label 1 and %d one with label 0; two AUCs can be compared from 2 of each on"
                .formatted(with[1], numbers.size(), with[0]));
      }
      return new Rows(positive, positives, session, numbers.size(), with[1], with[0]);
    }

    int size() {
      return positive.length;
    }
  }
}
