package io.millrace.core.serving;

import java.util.List;

/**
 * All trees of a model in one set of flat arrays, and the walks through them.
 *
 * <p>A walk waits for memory and for comparisons most of the time, so four go side by side: four
 * trees for a single row, four rows for each tree of a batch. All take as many steps as the deepest
 * needs; a leaf leads to itself.
 */
final class Forest {
  // Rows whose features and sums stay in the first cache while all trees pass by.
  private static final int BLOCK = 64;

  /** The left child of a node, its right one next to it; a leaf's is itself. */
  private final int[] children;

  /** The feature of a split, doubled, and 1 if missing values go right. */
  private final int[] splits;

  /** NaN at a leaf, so that no value goes right. */
  private final float[] thresholds;

  private final float[] leaves;
  private final int[] roots;
  private final int[] depths;
  private final int[] groups;

  /**
   * Joins trees.
   *
   * @param groups which sum each tree adds to
   */
  Forest(List<Tree> trees, int[] groups) {
    int nodes = trees.stream().mapToInt(Tree::nodes).reduce(0, Math::addExact);
    this.children = new int[nodes];
    this.splits = new int[nodes];
    this.thresholds = new float[nodes];
    this.leaves = new float[nodes];
    this.roots = new int[trees.size()];
    this.depths = trees.stream().mapToInt(Tree::depth).toArray();
    this.groups = groups.clone();
    int at = 0;
    for (int i = 0; i < roots.length; i++) {
      roots[i] = at;
      trees.get(i).copyTo(at, children, splits, thresholds, leaves);
      at += trees.get(i).nodes();
    }
  }

  int trees() {
    return roots.length;
  }

  private int step(int node, float[] rows, int from) {
    int split = splits[node];
    float value = rows[from + (split >>> 1)];
    if (Float.isNaN(value)) {
      return children[node] + (split & 1);
    }
    return children[node] + (value >= thresholds[node] ? 1 : 0);
  }

  /** The sum of the leaves that a row reaches, added to a start; for a forest of one group. */
  float sum(float start, float[] row) {
    float sum = start;
    int tree = 0;
    for (; tree + 4 <= roots.length; tree += 4) {
      int a = roots[tree];
      int b = roots[tree + 1];
      int c = roots[tree + 2];
      int d = roots[tree + 3];
      int steps =
          Math.max(
              Math.max(depths[tree], depths[tree + 1]),
              Math.max(depths[tree + 2], depths[tree + 3]));
      for (int i = 0; i < steps; i++) {
        a = step(a, row, 0);
        b = step(b, row, 0);
        c = step(c, row, 0);
        d = step(d, row, 0);
      }
      sum += leaves[a];
      sum += leaves[b];
      sum += leaves[c];
      sum += leaves[d];
    }
    for (; tree < roots.length; tree++) {
      sum += leaves[walk(tree, row, 0)];
    }
    return sum;
  }

  /**
   * Adds the leaves that rows reach to their sums, in the order of the trees.
   *
   * @param features how long a row is
   * @param sums {@code perRow} a row
   */
  void add(float[] rows, int count, int features, float[] sums, int perRow) {
    for (int block = 0; block < count; block += BLOCK) {
      int end = Math.min(count, block + BLOCK);
      for (int tree = 0; tree < roots.length; tree++) {
        int row = block;
        for (; row + 4 <= end; row += 4) {
          addFour(tree, rows, row * features, features, sums, row * perRow, perRow);
        }
        for (; row < end; row++) {
          sums[row * perRow + groups[tree]] += leaves[walk(tree, rows, row * features)];
        }
      }
    }
  }

  private void addFour(
      int tree, float[] rows, int from, int features, float[] sums, int to, int perRow) {
    int a = roots[tree];
    int b = a;
    int c = a;
    int d = a;
    for (int i = depths[tree]; i > 0; i--) {
      a = step(a, rows, from);
      b = step(b, rows, from + features);
      c = step(c, rows, from + 2 * features);
      d = step(d, rows, from + 3 * features);
    }
    int sum = to + groups[tree];
    sums[sum] += leaves[a];
    sums[sum + perRow] += leaves[b];
    sums[sum + 2 * perRow] += leaves[c];
    sums[sum + 3 * perRow] += leaves[d];
  }

  private int walk(int tree, float[] rows, int from) {
    int node = roots[tree];
    for (int i = depths[tree]; i > 0; i--) {
      node = step(node, rows, from);
    }
    return node;
  }
}
