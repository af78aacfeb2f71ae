package io.millrace.core.serving;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * Reads the model files, JSON or UBJSON, that XGBoost 1.x to 3.x writes.
 *
 * <p>Source of the layout: XGBoost's "Introduction to Model IO" and its model schema.
 */
final class XgboostModelReader {
  private static final int MAX_FEATURES = 1 << 30;
  private static final int MAX_GROUPS = 1 << 16;

  private final ModelFields learner;
  private final Shape shape;

  private XgboostModelReader(ModelFields learner) {
    this.learner = learner;
    ModelFields params = learner.object("learner_model_param");
    Objective objective = Objective.of(learner.object("objective").text("name"));
    int groups = Math.max(1, Math.max(params.count("num_class"), params.count("num_target")));
    int features = params.count("num_feature");
    check("num_feature", features, MAX_FEATURES);
    check("num_class or num_target", groups, MAX_GROUPS);
    this.shape = new Shape(features, objective, margins(objective, params, groups));
  }

  static Scorer read(byte[] model) {
    Object root =
        UbjsonDocument.isLike(model) ? UbjsonDocument.read(model) : JsonDocument.read(model);
    ModelFields learner = ModelFields.of(root, "the file").object("learner");
    ModelFields booster = learner.object("gradient_booster");
    String kind = booster.text("name");
    return switch (kind) {
      case "gbtree" -> new XgboostModelReader(learner).forest();
      case "gblinear" ->
          new LinearScorer(
              new XgboostModelReader(learner).shape, booster.object("model").floats("weights"));
      default ->
          throw new UnsupportedModelException(
              "Booster '%s' is not supported, only gbtree and gblinear; train with one of them, or score with the native library"
                  .formatted(kind));
    };
  }

  private static void check(String what, int value, int limit) {
    if (value < 1 || value > limit) {
      throw ModelFields.damaged(what, "is %d, not from 1 to %d".formatted(value, limit));
    }
  }

  /** The base score is one number, or since 3.1 a bracketed list of one or one a group. */
  private static float[] margins(Objective objective, ModelFields params, int groups) {
    String text = params.text("base_score");
    String[] scores = text.replace("[", "").replace("]", "").split(",");
    if (scores.length != 1 && scores.length != groups) {
      throw ModelFields.damaged(
          "base_score", "has %d values for %d groups".formatted(scores.length, groups));
    }
    float[] margins = new float[groups];
    try {
      for (int group = 0; group < groups; group++) {
        String score = scores[scores.length == 1 ? 0 : group];
        margins[group] = objective.margin(Float.parseFloat(score.trim()));
      }
    } catch (NumberFormatException e) {
      throw ModelFields.damaged("base_score", "is '%s', no number".formatted(text));
    }
    return margins;
  }

  private ForestScorer forest() {
    ModelFields model = learner.object("gradient_booster").object("model");
    List<?> trees = model.list("trees");
    int[] groups = model.has("tree_info") ? model.ints("tree_info") : new int[trees.size()];
    if (groups.length != trees.size()) {
      throw ModelFields.damaged(
          "tree_info", "has %d entries for %d trees".formatted(groups.length, trees.size()));
    }
    List<List<Tree>> byGroup =
        Stream.generate(() -> (List<Tree>) new ArrayList<Tree>()).limit(shape.groups()).toList();
    for (int i = 0; i < groups.length; i++) {
      if (groups[i] < 0 || groups[i] >= shape.groups()) {
        throw ModelFields.damaged(
            "tree_info", "names group %d of %d".formatted(groups[i], shape.groups()));
      }
      byGroup.get(groups[i]).add(tree(ModelFields.of(trees.get(i), "trees")));
    }
    return new ForestScorer(shape, new Forest(byGroup));
  }

  private Tree tree(ModelFields tree) {
    if (tree.has("tree_param") && tree.object("tree_param").count("size_leaf_vector") > 1) {
      throw new UnsupportedModelException(
          "Trees with vector leaves are not supported; train with"
              + " multi_strategy=one_output_per_tree");
    }
    if (tree.has("split_type") && Arrays.stream(tree.ints("split_type")).anyMatch(t -> t != 0)) {
      throw new UnsupportedModelException(
          "Categorical splits are not supported; encode categories as numbers before training");
    }
    return Tree.of(
        tree.ints("left_children"),
        tree.ints("right_children"),
        tree.ints("split_indices"),
        tree.floats("split_conditions"),
        tree.ints("default_left"),
        shape.features());
  }
}
