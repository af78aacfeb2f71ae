package io.millrace.core.serving;

import java.util.List;

/**
 * All trees of a model in one flat array, and the walks through them.
 *
 * <p>A walk waits for memory and for comparisons most of the time, so eight go side by side: eight
 * trees for a single row, eight rows for each tree of a batch. All take as many steps as the
 * deepest needs; a leaf leads to itself.
 */
final class Forest {
  // Rows whose features and sums stay in the first cache while all trees pass by.
  private static final int BLOCK = 64;

  /** Ints a node: what and where it splits, its left child, its leaf value; see {@link Tree}. */
  static final int NODE = 4;

  private final int[] nodes;

  /** Where each tree begins; ordered by group, so that a group's trees are neighbours. */
  private final int[] roots;

  private final int[] depths;

  /** The first tree of each group, and the number of trees. */
  private final int[] first;

  /**
   * Joins trees.
   *
   * @param trees by group, in the order in which a group's leaves are added up
   */
  Forest(List<List<Tree>> trees) {
    List<Tree> all = trees.stream().flatMap(List::stream).toList();
    this.nodes = new int[Math.multiplyExact(NODE, all.stream().mapToInt(Tree::nodes).sum())];
    this.roots = new int[all.size()];
    this.depths = all.stream().mapToInt(Tree::depth).toArray();
    this.first = new int[trees.size() + 1];
    int at = 0;
    for (int tree = 0; tree < roots.length; tree++) {
      roots[tree] = at;
      at = all.get(tree).copyTo(nodes, at);
    }
    for (int group = 0; group < trees.size(); group++) {
      first[group + 1] = first[group] + trees.get(group).size();
    }
  }

  int trees() {
    return roots.length;
  }

  private int step(int node, float[] rows, int from) {
    int split = nodes[node];
    float threshold = Float.intBitsToFloat(nodes[node + 1]);
    int child = nodes[node + 2];
    float value = rows[from + (split >>> 1)];
    if (Float.isNaN(value)) {
      return child + (split & 1) * NODE;
    }
    return child + (value >= threshold ? NODE : 0);
  }

  private float leaf(int node) {
    return Float.intBitsToFloat(nodes[node + 3]);
  }

  /** A start and the leaves that one row reaches, added up in the order of a group's trees. */
  float sum(float start, int group, float[] rows, int from) {
    float sum = start;
    int tree = first[group];
    int end = first[group + 1];
    for (; tree + 8 <= end; tree += 8) {
      sum = sumEight(sum, tree, rows, from);
    }
    for (; tree < end; tree++) {
      int node = roots[tree];
      for (int i = depths[tree]; i > 0; i--) {
        node = step(node, rows, from);
      }
      sum += leaf(node);
    }
    return sum;
  }

  private float sumEight(float start, int tree, float[] rows, int from) {
    int a = roots[tree];
    int b = roots[tree + 1];
    int c = roots[tree + 2];
    int d = roots[tree + 3];
    int e = roots[tree + 4];
    int f = roots[tree + 5];
    int g = roots[tree + 6];
    int h = roots[tree + 7];
    for (int i = deepest(tree); i > 0; i--) {
      a = step(a, rows, from);
      b = step(b, rows, from);
      c = step(c, rows, from);
      d = step(d, rows, from);
      e = step(e, rows, from);
      f = step(f, rows, from);
      g = step(g, rows, from);
      h = step(h, rows, from);
    }
    float sum = start + leaf(a) + leaf(b) + leaf(c) + leaf(d);
    return sum + leaf(e) + leaf(f) + leaf(g) + leaf(h);
  }

  private int deepest(int tree) {
    int deepest = depths[tree];
    for (int i = 1; i < 8; i++) {
      deepest = Math.max(deepest, depths[tree + i]);
    }
    return deepest;
  }

  /**
   * Adds the leaves that rows reach to their sums.
   *
   * @param features how long a row is
   * @param begin the first row
   * @param end the row after the last
   * @param sums one a group and row
   * @param to where the first row's sums begin
   */
  void add(float[] rows, int features, int begin, int end, float[] sums, int to) {
    int groups = first.length - 1;
    int eights = begin + (end - begin) / 8 * 8;
    for (int block = begin; block < eights; block += BLOCK) {
      int blockEnd = Math.min(eights, block + BLOCK);
      for (int group = 0; group < groups; group++) {
        for (int tree = first[group]; tree < first[group + 1]; tree++) {
          for (int row = block; row < blockEnd; row += 8) {
            int sum = to + (row - begin) * groups + group;
            addEight(tree, rows, row * features, features, sums, sum, groups);
          }
        }
      }
    }
    for (int row = eights; row < end; row++) {
      for (int group = 0; group < groups; group++) {
        int sum = to + (row - begin) * groups + group;
        sums[sum] = sum(sums[sum], group, rows, row * features);
      }
    }
  }

  private void addEight(
      int tree, float[] rows, int from, int features, float[] sums, int sum, int groups) {
    int a = roots[tree];
    int b = a;
    int c = a;
    int d = a;
    int e = a;
    int f = a;
    int g = a;
    int h = a;
    for (int i = depths[tree]; i > 0; i--) {
      a = step(a, rows, from);
      b = step(b, rows, from + features);
      c = step(c, rows, from + 2 * features);
      d = step(d, rows, from + 3 * features);
      e = step(e, rows, from + 4 * features);
      f = step(f, rows, from + 5 * features);
      g = step(g, rows, from + 6 * features);
      h = step(h, rows, from + 7 * features);
    }
    sums[sum] += leaf(a);
    sums[sum + groups] += leaf(b);
    sums[sum + 2 * groups] += leaf(c);
    sums[sum + 3 * groups] += leaf(d);
    sums[sum + 4 * groups] += leaf(e);
    sums[sum + 5 * groups] += leaf(f);
    sums[sum + 6 * groups] += leaf(g);
    sums[sum + 7 * groups] += leaf(h);
  }
}
