package io.millrace.core.serving;

/** What the numbers are that a model gives for a row; see {@link Scorer#outputs}. */
public enum Output {
  /** One number, or one for each target: whatever the objective predicts. */
  VALUES,
  /** One number: the probability of the second of two classes. */
  PROBABILITY,
  /** One number: which class it is, from 0. */
  CLASS,
  /** The probability of each class. */
  CLASS_PROBABILITIES;

  static Output of(ModelDescription model, int outputs) {
    return switch (model.objective()) {
      case "multi:softprob" -> CLASS_PROBABILITIES;
      case "multi:softmax" -> CLASS;
      case "binary:logistic", "binary:hinge", "reg:logistic" -> outputs == 1 ? PROBABILITY : VALUES;
      default -> VALUES;
    };
  }
}
