package io.millrace.core.serving;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A model file, JSON or UBJSON, that XGBoost 1.x to 3.x wrote: what it says about itself, and what
 * scores rows with it.
 *
 * <p>A file either scores as the Python that wrote it does, or is refused with the reason. Source
 * of the layout: XGBoost's "Introduction to Model IO" and its model schema.
 */
public final class XgboostModel {
  private static final int MAX_FEATURES = 1 << 30;
  private static final int MAX_GROUPS = 1 << 16;

  private final ModelFields learner;
  private final Shape shape;
  private final Rounds rounds;
  private final String booster;
  private final Map<Integer, Float> highestSplits = new HashMap<>();
  private final int[] groups;
  private final List<Tree> trees;

  private XgboostModel(ModelFields learner) {
    this.learner = learner;
    this.booster = learner.object("gradient_booster").text("name");
    if (!booster.equals("gbtree") && !booster.equals("gblinear")) {
      throw new UnsupportedModelException(
          "Booster '%s' is not supported, only gbtree and gblinear; train with one of them, or score with the native library"
              .formatted(PrintableText.of(booster)));
    }
    this.shape = shape(learner);
    this.rounds = Rounds.of(learner, shape.groups());
    this.groups = isLinear() ? new int[0] : groups();
    this.trees = isLinear() ? List.of() : trees();
  }

  /**
   * Reads a file.
   *
   * @param model its bytes
   * @throws UnsupportedModelException if the bytes are no such model, are damaged, or the model
   *     uses what the Java scorers do not do
   */
  public static XgboostModel read(byte[] model) {
    OtherFormats.refuse(model);
    Object root =
        UbjsonDocument.isLike(model) ? UbjsonDocument.read(model) : JsonDocument.read(model);
    return new XgboostModel(ModelFields.of(root, "the file").object("learner"));
  }

  private static Shape shape(ModelFields learner) {
    ModelFields params = learner.object("learner_model_param");
    Objective objective = Objective.of(learner.object("objective").text("name"));
    int classes = params.count("num_class");
    if (objective.isMulticlass() && classes < 1) {
      throw ModelFields.damaged(
          "num_class", "is %d, but %s needs classes".formatted(classes, objective.name()));
    }
    int groups = Math.max(1, Math.max(classes, params.count("num_target")));
    int features = params.count("num_feature");
    check("num_feature", features, MAX_FEATURES);
    check("num_class or num_target", groups, MAX_GROUPS);
    return new Shape(features, objective, margins(objective, params, groups));
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
      throw ModelFields.damaged(
          "base_score", "is '%s', not a number".formatted(PrintableText.of(text)));
    }
    return margins;
  }

  private boolean isLinear() {
    return booster.equals("gblinear");
  }

  /** What the file says about itself. */
  public ModelDescription description() {
    ModelFields params = learner.object("learner_model_param");
    Objective objective = shape.objective();
    boolean oneTarget = params.count("num_target") <= 1;
    return new ModelDescription(
        shape.features(),
        learner.texts("feature_names"),
        learner.texts("feature_types"),
        objective.name(),
        objective.isMulticlass()
            ? params.count("num_class")
            : objective.isBinary() && oneTarget ? 2 : 0,
        rounds.all(),
        rounds.best(),
        rounds.wrapped(),
        rounds.missing(),
        highestSplits);
  }

  /** Scores with every round, as {@code Booster.predict} does. */
  public Scorer scorer() {
    return scorer(rounds.trees());
  }

  /**
   * Scores with the rounds that early stopping found best, as XGBoost's scikit-learn wrapper does;
   * with every round if it found none better.
   */
  public Scorer scorerOfBestRounds() {
    return scorer(rounds.bestTrees());
  }

  private Scorer scorer(int firstTrees) {
    ModelDescription description = description();
    if (isLinear()) {
      return new LinearScorer(
          shape, description, learner.object("gradient_booster").object("model").floats("weights"));
    }
    List<List<Tree>> byGroup =
        Stream.generate(() -> (List<Tree>) new ArrayList<Tree>()).limit(shape.groups()).toList();
    for (int i = 0; i < firstTrees; i++) {
      byGroup.get(groups[i]).add(trees.get(i));
    }
    return new ForestScorer(shape, description, new Forest(byGroup));
  }

  private int[] groups() {
    ModelFields model = learner.object("gradient_booster").object("model");
    int count = model.list("trees").size();
    int[] info = model.has("tree_info") ? model.ints("tree_info") : new int[count];
    if (info.length != count) {
      throw ModelFields.damaged(
          "tree_info", "has %d entries for %d trees".formatted(info.length, count));
    }
    for (int group : info) {
      if (group < 0 || group >= shape.groups()) {
        throw ModelFields.damaged(
            "tree_info", "names group %d of %d".formatted(group, shape.groups()));
      }
    }
    return info;
  }

  private List<Tree> trees() {
    List<Tree> read = new ArrayList<>();
    for (Object tree : learner.object("gradient_booster").object("model").list("trees")) {
      read.add(tree(ModelFields.of(tree, "trees")));
    }
    if (read.isEmpty()) {
      throw new UnsupportedModelException(
          "The model has no tree (zero rounds of training): it gives one number for every row, and"
              + " XGBoost's versions do not agree on which; train at least one round");
    }
    return read;
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
    Tree read =
        Tree.of(
            tree.ints("left_children"),
            tree.ints("right_children"),
            tree.ints("split_indices"),
            tree.floats("split_conditions"),
            tree.ints("default_left"),
            shape.features());
    read.eachSplit((feature, threshold) -> highestSplits.merge(feature, threshold, Math::max));
    return read;
  }
}
