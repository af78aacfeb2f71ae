package io.millrace.core.serving;

/**
 * One regression tree in flat arrays, node 0 the root; a node without a left child is a leaf whose
 * value stands in {@code thresholds}.
 */
final class Tree {

  private final int[] left;
  private final int[] right;
  private final int[] features;
  private final float[] thresholds;
  private final boolean[] defaultLeft;

  Tree(int[] left, int[] right, int[] features, float[] thresholds, boolean[] defaultLeft) {
    int nodes = left.length;
    if (nodes == 0
        || right.length != nodes
        || features.length != nodes
        || thresholds.length != nodes
        || defaultLeft.length != nodes) {
      throw new UnsupportedModelException(
          "Tree arrays differ in length: %d left, %d right, %d features, %d thresholds, %d defaults"
              .formatted(
                  nodes, right.length, features.length, thresholds.length, defaultLeft.length));
    }
    boolean[] hasParent = new boolean[nodes];
    for (int node = 0; node < nodes; node++) {
      if (left[node] >= 0) {
        adopt(left[node], hasParent);
        adopt(right[node], hasParent);
        if (features[node] < 0) {
          throw new UnsupportedModelException("A tree splits on feature " + features[node]);
        }
      }
    }
    this.left = left;
    this.right = right;
    this.features = features;
    this.thresholds = thresholds;
    this.defaultLeft = defaultLeft;
  }

  /** A second parent, or the root as a child, could make a walk go round in circles. */
  private static void adopt(int child, boolean[] hasParent) {
    if (child <= 0 || child >= hasParent.length || hasParent[child]) {
      throw new UnsupportedModelException(
          "A tree of %d nodes names node %d as a child where it cannot be one"
              .formatted(hasParent.length, child));
    }
    hasParent[child] = true;
  }

  /** The highest feature index that the tree looks at, or -1 for a single leaf. */
  int highestFeature() {
    int highest = -1;
    for (int node = 0; node < left.length; node++) {
      if (left[node] >= 0) {
        highest = Math.max(highest, features[node]);
      }
    }
    return highest;
  }

  float leaf(float[] row) {
    int node = 0;
    int child = left[0];
    while (child >= 0) {
      float value = row[features[node]];
      boolean goesLeft = Float.isNaN(value) ? defaultLeft[node] : value < thresholds[node];
      node = goesLeft ? child : right[node];
      child = left[node];
    }
    return thresholds[node];
  }
}
