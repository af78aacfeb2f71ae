package io.millrace.core.serving;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import java.io.IOException;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * The boosting rounds of a model file, and what its attributes say of how many count. Early
 * stopping leaves its best round in {@code best_iteration} and all trees in the file.
 *
 * @param all how many there are; 0 of a linear model
 * @param best how many of them early stopping found best; all if it found none better
 * @param trees how many trees all rounds have
 * @param bestTrees how many trees the best rounds have
 * @param wrapped whether the scikit-learn wrapper saved the file
 * @param missing what its wrapper took for a missing value beside NaN, if it is stated
 */
record Rounds(
    int all, int best, int trees, int bestTrees, boolean wrapped, OptionalDouble missing) {
  private static final JsonFactory JSON =
      JsonFactory.builder().enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS).build();

  static Rounds of(ModelFields learner, int groups) {
    ModelFields attributes =
        learner.has("attributes") ? learner.object("attributes") : new ModelFields(Map.of());
    boolean wrapped = attributes.has("scikit_learn");
    OptionalDouble missing =
        wrapped ? missing(attributes.text("scikit_learn")) : OptionalDouble.empty();
    ModelFields booster = learner.object("gradient_booster");
    if (booster.text("name").equals("gblinear")) {
      return new Rounds(0, 0, 0, 0, wrapped, missing);
    }
    ModelFields model = booster.object("model");
    int trees = model.list("trees").size();
    int[] ends = ends(model, trees, groups);
    int all = ends.length;
    // XGBoost 1.x writes -1 for a model of no rounds.
    int last = attributes.has("best_iteration") ? attributes.count("best_iteration") : -1;
    int best = last < 0 || last >= all ? all : last + 1;
    return new Rounds(all, best, trees, best == 0 ? 0 : ends[best - 1], wrapped, missing);
  }

  /** Behind which tree each round ends. */
  private static int[] ends(ModelFields model, int trees, int groups) {
    if (model.has("iteration_indptr")) {
      int[] starts = model.ints("iteration_indptr");
      int[] ends = new int[Math.max(0, starts.length - 1)];
      for (int round = 0; round < ends.length; round++) {
        ends[round] = starts[round + 1];
        if (ends[round] < starts[round] || ends[round] > trees) {
          throw ModelFields.damaged(
              "iteration_indptr",
              "has tree %d as the end of round %d, but there are %d trees"
                  .formatted(ends[round], round, trees));
        }
      }
      if ((ends.length == 0 ? 0 : ends[ends.length - 1]) != trees) {
        throw ModelFields.damaged(
            "iteration_indptr", "does not end behind the last of %d trees".formatted(trees));
      }
      return ends;
    }
    ModelFields param =
        model.has("gbtree_model_param") ? model.object("gbtree_model_param") : model;
    long each = (long) Math.max(1, param.count("num_parallel_tree")) * groups;
    int[] ends = new int[(int) ((trees + each - 1) / each)];
    for (int round = 0; round < ends.length; round++) {
      ends[round] = (int) Math.min(trees, (round + 1) * each);
    }
    return ends;
  }

  /** What the wrapper's own attribute says; wrappers since 2.0 do not keep it there. */
  private static OptionalDouble missing(String attribute) {
    try (JsonParser json = JSON.createParser(attribute)) {
      if (json.nextToken() != JsonToken.START_OBJECT) {
        return OptionalDouble.empty();
      }
      for (String name = json.nextFieldName(); name != null; name = json.nextFieldName()) {
        JsonToken value = json.nextToken();
        if (name.equals("missing") && value.isNumeric() && !Double.isNaN(json.getDoubleValue())) {
          return OptionalDouble.of(json.getDoubleValue());
        }
        json.skipChildren();
      }
    } catch (IOException e) {
      // Other libraries may write anything there; the file scores without it.
    }
    return OptionalDouble.empty();
  }
}
