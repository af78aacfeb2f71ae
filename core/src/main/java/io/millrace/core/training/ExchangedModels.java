package io.millrace.core.training;

import java.util.SplittableRandom;

/**
 * How often a comparison calls one of two models better although they are equally good, on the very
 * rows of a test set. In every draw the two change places in each session by the toss of a coin, so
 * that neither can be better.
 */
public final class ExchangedModels {
  private static final int DRAWS = 1_000;
  private static final int MIN_DRAWS = 200;
  private static final int MAX_WORK = 20_000_000;
  private static final long SEED = 1;

  /**
   * What was simulated.
   *
   * @param draws how many comparisons; fewer for more rows, so that a million take seconds
   * @param better in how many of them a candidate was called better
   */
  public record Rate(int draws, int better) {
    /** The share of comparisons that called a candidate better. */
    public double share() {
      return (double) better / draws;
    }
  }

  private ExchangedModels() {}

  /**
   * Simulates; the same rows and scores give the same answer.
   *
   * @param confidence of {@link PairedAuc#lower}
   * @throws IllegalArgumentException as {@link PairedAuc#of} does
   */
  public static Rate simulate(
      String[] sessions, float[] labels, float[] candidate, float[] other, double confidence) {
    PairedAuc.Rows rows = PairedAuc.Rows.of(sessions, labels);
    int[] mine = RankedScores.of(candidate, rows.size()).ranks();
    int[] theirs = RankedScores.of(other, rows.size()).ranks();
    int draws = Math.max(MIN_DRAWS, Math.min(DRAWS, MAX_WORK / rows.size()));
    SplittableRandom random = new SplittableRandom(SEED);
    int better = 0;
    for (int draw = 0; draw < draws; draw++) {
      int[] one = new int[rows.size()];
      int[] two = new int[rows.size()];
      boolean[] exchanged = new boolean[rows.sessions()];
      for (int session = 0; session < exchanged.length; session++) {
        exchanged[session] = random.nextBoolean();
      }
      for (int i = 0; i < one.length; i++) {
        boolean swap = exchanged[rows.session()[i]];
        one[i] = swap ? theirs[i] : mine[i];
        two[i] = swap ? mine[i] : theirs[i];
      }
      PairedAuc auc = PairedAuc.of(rows, new RankedScores(one), new RankedScores(two));
      better += auc.lower(confidence) > 0 ? 1 : 0;
    }
    return new Rate(draws, better);
  }
}
