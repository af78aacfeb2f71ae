package io.millrace.core.serving;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * What a model file says about itself beside its trees or weights: the parts of a version are
 * checked against it.
 *
 * @param features how many features a row has
 * @param featureNames in the order of a row; empty if the model was trained without names
 * @param featureTypes XGBoost's words for them, such as {@code float}, {@code int}, {@code i} for a
 *     flag and {@code c} for a category; empty if the file states none
 * @param objective XGBoost's objective
 * @param classes the number of classes of {@code multi:*}, 2 of {@code binary:*}, else 0
 * @param rounds how often the model was boosted; 0 of a linear model
 * @param bestRounds how many of them early stopping found best; equal to {@code rounds} if it found
 *     none better
 * @param wrapped whether the scikit-learn wrapper of XGBoost saved the file, which predicts with
 *     the best rounds only, and not a {@code Booster}, which predicts with all
 * @param missing the number that stood for a missing value beside NaN, where the file says so:
 *     wrappers before XGBoost 2 did, others do not keep it
 * @param highestSplits the highest threshold of each feature that a tree splits on, by its place
 */
public record ModelDescription(
    int features,
    List<String> featureNames,
    List<String> featureTypes,
    String objective,
    int classes,
    int rounds,
    int bestRounds,
    boolean wrapped,
    OptionalDouble missing,
    Map<Integer, Float> highestSplits) {

  /** Copies the lists and the map. */
  public ModelDescription {
    featureNames = List.copyOf(featureNames);
    featureTypes = List.copyOf(featureTypes);
    highestSplits = Map.copyOf(highestSplits);
  }

  /** Whether early stopping found that fewer rounds than the file has are better. */
  public boolean stoppedEarly() {
    return bestRounds < rounds;
  }

  /**
   * The names that the features had in training; empty if they had none. {@code f0}, {@code f1} …
   * are what some versions of XGBoost write for features without names.
   */
  public List<String> givenNames() {
    List<String> made = new ArrayList<>();
    for (int i = 0; i < featureNames.size(); i++) {
      made.add("f" + i);
    }
    return featureNames.equals(made) ? List.of() : featureNames;
  }
}
