package io.millrace.core.serving;

import java.util.List;

/**
 * Scores rows with a gradient-boosted forest in pure Java.
 *
 * <p>One row through JNI costs over 100 µs, most of it in building a matrix; walking the trees
 * costs a few. Comparisons are in float32 and missing values ({@code NaN}) take each split's
 * default direction, as in XGBoost, so that results agree with the native library to 1e-6.
 *
 * <p>Immutable, safe for use by many threads.
 */
public final class ForestScorer {

  /** What turns the sum of the leaves into the prediction. */
  enum Link {
    IDENTITY,
    LOGISTIC;

    /** The margin whose prediction is the given base score. */
    float margin(float baseScore) {
      return this == LOGISTIC ? (float) -Math.log(1.0 / baseScore - 1.0) : baseScore;
    }

    float prediction(float margin) {
      return this == LOGISTIC ? (float) (1.0 / (1.0 + Math.exp(-margin))) : margin;
    }
  }

  private final Tree[] trees;
  private final float baseMargin;
  private final Link link;
  private final int features;

  ForestScorer(List<Tree> trees, float baseMargin, Link link, int features) {
    for (Tree tree : trees) {
      if (tree.highestFeature() >= features) {
        throw new UnsupportedModelException(
            "A tree splits on feature %d, but the model has %d features"
                .formatted(tree.highestFeature(), features));
      }
    }
    this.trees = trees.toArray(Tree[]::new);
    this.baseMargin = baseMargin;
    this.link = link;
    this.features = features;
  }

  /**
   * Reads a model that XGBoost saved as JSON.
   *
   * @param json the bytes of the model file
   * @throws UnsupportedModelException if the bytes are no such model, or the model uses another
   *     booster than gbtree, categorical splits, or an objective that is neither binary nor plain
   *     regression
   */
  public static ForestScorer ofXgboostJson(byte[] json) {
    return XgboostModelReader.read(json);
  }

  /** The length of the rows that the model scores. */
  public int features() {
    return features;
  }

  /** The number of trees. */
  public int trees() {
    return trees.length;
  }

  /**
   * Scores one row.
   *
   * @param row the features in the model's order; {@code NaN} is missing
   * @return the probability for a binary model, the predicted value for a regression
   * @throws IllegalArgumentException if the row has another length than {@link #features()}
   */
  public float score(float[] row) {
    if (row.length != features) {
      throw new IllegalArgumentException(
          "The row has %d features, the model expects %d".formatted(row.length, features));
    }
    float margin = baseMargin;
    for (Tree tree : trees) {
      margin += tree.leaf(row);
    }
    return link.prediction(margin);
  }
}
