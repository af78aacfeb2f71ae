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
    for (int node = 0; node < nodes; node++) {
      if (left[node] >= 0) {
        requireInside(left[node], nodes);
        requireInside(right[node], nodes);
      }
    }
    this.left = left;
    this.right = right;
    this.features = features;
    this.thresholds = thresholds;
    this.defaultLeft = defaultLeft;
  }

  private static void requireInside(int child, int nodes) {
    if (child < 0 || child >= nodes) {
      throw new UnsupportedModelException(
          "A tree of %d nodes names node %d as a child".formatted(nodes, child));
    }
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
