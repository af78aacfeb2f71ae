package io.millrace.core.tuning;

import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * Draws trials at random, each from the seed and its own number alone: trial 7 is the same point
 * whether ten trials are asked for or a thousand, and whichever worker asks.
 */
public final class RandomSearch {
  private static final long GOLDEN = 0x9E3779B97F4A7C15L;

  private RandomSearch() {}

  /** The first {@code count} trials of a seed. */
  public static List<TrialParams> trials(SearchSpace space, long seed, int count) {
    return IntStream.range(0, count).mapToObj(index -> trial(space, seed, index)).toList();
  }

  /** Trial number {@code index} of a seed. */
  public static TrialParams trial(SearchSpace space, long seed, int index) {
    SplittableRandom random = new SplittableRandom(seed * GOLDEN + index);
    random = random.split(); // neighbouring seeds start far apart
    return new TrialParams(
        random.nextInt(space.maxDepthMin(), space.maxDepthMax() + 1),
        Math.exp(
            uniform(random, Math.log(space.learningRateMin()), Math.log(space.learningRateMax()))),
        random.nextInt(space.minChildWeightMin(), space.minChildWeightMax() + 1),
        uniform(random, space.subsampleMin(), space.subsampleMax()),
        uniform(random, space.colsampleBytreeMin(), space.colsampleBytreeMax()),
        uniform(random, space.gammaMin(), space.gammaMax()));
  }

  private static double uniform(SplittableRandom random, double low, double high) {
    return low + (high - low) * random.nextDouble();
  }
}
