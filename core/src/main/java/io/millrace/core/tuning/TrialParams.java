package io.millrace.core.tuning;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * One point of the search space, in XGBoost's own terms.
 *
 * @param maxDepth of a tree, at least 1
 * @param learningRate above 0; there is no separate {@code eta}, which is the same parameter
 * @param minChildWeight smallest sum of hessians in a leaf, at least 0
 * @param subsample share of rows a tree sees, above 0 and at most 1
 * @param colsampleBytree share of features a tree sees, above 0 and at most 1
 * @param gamma smallest loss reduction of a split, at least 0
 */
public record TrialParams(
    int maxDepth,
    double learningRate,
    int minChildWeight,
    double subsample,
    double colsampleBytree,
    double gamma) {

  public TrialParams {
    require(maxDepth >= 1, "maxDepth", maxDepth, ">= 1");
    require(learningRate > 0 && learningRate <= 1, "learningRate", learningRate, "in (0, 1]");
    require(minChildWeight >= 0, "minChildWeight", minChildWeight, ">= 0");
    require(subsample > 0 && subsample <= 1, "subsample", subsample, "in (0, 1]");
    require(
        colsampleBytree > 0 && colsampleBytree <= 1,
        "colsampleBytree",
        colsampleBytree,
        "in (0, 1]");
    require(gamma >= 0 && Double.isFinite(gamma), "gamma", gamma, "a number >= 0");
  }

  /** The parameters by XGBoost's names, in a fixed order. */
  public Map<String, Object> asMap() {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("max_depth", maxDepth);
    map.put("learning_rate", learningRate);
    map.put("min_child_weight", minChildWeight);
    map.put("subsample", subsample);
    map.put("colsample_bytree", colsampleBytree);
    map.put("gamma", gamma);
    return map;
  }

  private static void require(boolean ok, String name, Object value, String rule) {
    if (!ok) {
      throw new IllegalArgumentException(name + " must be " + rule + " and is " + value);
    }
  }
}
