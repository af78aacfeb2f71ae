package io.millrace.core.serving;

import java.util.Arrays;

/**
 * One regression tree, checked and laid out breadth-first: siblings are neighbours, so that one
 * index finds both, and a leaf is its own left child, so that a walk of {@link #depth()} steps ends
 * at the leaf whichever way it goes.
 */
final class Tree {

  private final int[] children;
  private final int[] splits;
  private final float[] thresholds;
  private final float[] leaves;
  private final int depth;

  /**
   * Takes the arrays of a model file: by node, root first, children -1 at a leaf, whose value is in
   * {@code conditions}. Nodes that nothing leads to, which pruning leaves behind, are dropped.
   *
   * @param features how many features a row has
   * @throws UnsupportedModelException if the arrays do not describe a tree
   */
  static Tree of(
      int[] left,
      int[] right,
      int[] splitFeatures,
      float[] conditions,
      int[] defaultLeft,
      int features) {
    int nodes = left.length;
    if (nodes == 0
        || right.length != nodes
        || splitFeatures.length != nodes
        || conditions.length != nodes
        || defaultLeft.length != nodes) {
      throw new UnsupportedModelException(
          "Damaged model: tree arrays differ in length, or are empty: %d left, %d right, %d features, %d conditions, %d defaults"
              .formatted(
                  nodes,
                  right.length,
                  splitFeatures.length,
                  conditions.length,
                  defaultLeft.length));
    }
    int[] order = breadthFirst(left, right);
    Tree tree = new Tree(order, left);
    for (int node = 0; node < order.length; node++) {
      int source = order[node];
      if (left[source] < 0) {
        tree.thresholds[node] = Float.NaN;
        tree.leaves[node] = known("leaf", conditions[source]);
      } else {
        checkFeature(splitFeatures[source], features);
        tree.thresholds[node] = known("split", conditions[source]);
        tree.splits[node] = splitFeatures[source] << 1 | (defaultLeft[source] == 0 ? 1 : 0);
      }
    }
    return tree;
  }

  private Tree(int[] order, int[] left) {
    int nodes = order.length;
    children = new int[nodes];
    splits = new int[nodes];
    thresholds = new float[nodes];
    leaves = new float[nodes];
    int next = 1;
    int[] levels = new int[nodes];
    int deepest = 0;
    for (int node = 0; node < nodes; node++) {
      deepest = Math.max(deepest, levels[node]);
      if (left[order[node]] < 0) {
        children[node] = node;
      } else {
        children[node] = next;
        levels[next] = levels[node] + 1;
        levels[next + 1] = levels[node] + 1;
        next += 2;
      }
    }
    depth = deepest;
  }

  /** A second parent, or the root as a child, could make a walk go round in circles. */
  private static int[] breadthFirst(int[] left, int[] right) {
    boolean[] seen = new boolean[left.length];
    int[] order = new int[left.length];
    seen[0] = true;
    int end = 1;
    for (int at = 0; at < end; at++) {
      int node = order[at];
      if (left[node] < 0) {
        continue;
      }
      for (int child : new int[] {left[node], right[node]}) {
        if (child <= 0 || child >= left.length || seen[child]) {
          throw new UnsupportedModelException(
              "Damaged model: a tree of %d nodes names node %d as a child where it cannot be one"
                  .formatted(left.length, child));
        }
        seen[child] = true;
        order[end++] = child;
      }
    }
    return Arrays.copyOf(order, end);
  }

  private static void checkFeature(int feature, int features) {
    if (feature < 0 || feature >= features) {
      throw new UnsupportedModelException(
          "Damaged model: a tree splits on feature %d, but the model has %d features"
              .formatted(feature, features));
    }
  }

  private static float known(String what, float value) {
    if (Float.isNaN(value)) {
      throw new UnsupportedModelException(
          "Damaged model: a %s value of a tree is %s".formatted(what, value));
    }
    return value;
  }

  int nodes() {
    return children.length;
  }

  /** Takes a split's feature and threshold. */
  @FunctionalInterface
  interface Split {
    void take(int feature, float threshold);
  }

  /** Gives each split, the root first. */
  void eachSplit(Split split) {
    for (int node = 0; node < nodes(); node++) {
      if (children[node] != node) {
        split.take(splits[node] >>> 1, thresholds[node]);
      }
    }
  }

  /** The steps from the root to the farthest leaf. */
  int depth() {
    return depth;
  }

  /**
   * Copies the tree into a forest's array, four ints a node: the feature doubled, plus 1 if missing
   * values go right; the bits of the threshold; where the left child is, the right one next to it;
   * the bits of the leaf's value. A leaf's threshold is NaN, so that no value goes right of it.
   *
   * @return where the next tree begins
   */
  int copyTo(int[] nodes, int at) {
    for (int node = 0; node < nodes(); node++) {
      int to = at + node * Forest.NODE;
      nodes[to] = splits[node];
      nodes[to + 1] = Float.floatToRawIntBits(thresholds[node]);
      nodes[to + 2] = at + children[node] * Forest.NODE;
      nodes[to + 3] = Float.floatToRawIntBits(leaves[node]);
    }
    return at + nodes() * Forest.NODE;
  }
}
