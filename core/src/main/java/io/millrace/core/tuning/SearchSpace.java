package io.millrace.core.tuning;

/**
 * The ranges that trials are drawn from. Integer ranges include both ends; real ranges include the
 * lower end.
 *
 * @param learningRateMin drawn so that its logarithm is uniform, as is usual for step sizes
 */
public record SearchSpace(
    int maxDepthMin,
    int maxDepthMax,
    double learningRateMin,
    double learningRateMax,
    int minChildWeightMin,
    int minChildWeightMax,
    double subsampleMin,
    double subsampleMax,
    double colsampleBytreeMin,
    double colsampleBytreeMax,
    double gammaMin,
    double gammaMax) {

  public SearchSpace {
    ordered("maxDepth", maxDepthMin, maxDepthMax);
    ordered("learningRate", learningRateMin, learningRateMax);
    ordered("minChildWeight", minChildWeightMin, minChildWeightMax);
    ordered("subsample", subsampleMin, subsampleMax);
    ordered("colsampleBytree", colsampleBytreeMin, colsampleBytreeMax);
    ordered("gamma", gammaMin, gammaMax);
    // Every point of the space is valid if both corners are.
    new TrialParams(
        maxDepthMin,
        learningRateMin,
        minChildWeightMin,
        subsampleMin,
        colsampleBytreeMin,
        gammaMin);
    new TrialParams(
        maxDepthMax,
        learningRateMax,
        minChildWeightMax,
        subsampleMax,
        colsampleBytreeMax,
        gammaMax);
  }

  /** The six ranges of EasyMLOps, whose {@code randint(3, 5)} draws 3 or 4. */
  public static SearchSpace standard() {
    return new SearchSpace(3, 4, 1e-4, 1e-1, 1, 5, 0.5, 1, 0.5, 1, 0, 1);
  }

  private static void ordered(String name, double low, double high) {
    if (!(low <= high)) {
      throw new IllegalArgumentException(name + ": " + low + " is above " + high);
    }
  }
}
