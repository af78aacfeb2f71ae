package io.millrace.serving;

import io.millrace.core.serving.ForestScorer;
import java.util.List;
import java.util.Map;

/**
 * One loaded version of a registered model, with the preprocessing that it was trained with.
 *
 * @param name the registered model
 * @param version the registry's version number
 * @param alias the alias it was loaded by
 * @param features the feature names in the order of the model's rows
 * @param encoder turns an instance into a row
 * @param scorer scores the row
 */
public record ServedModel(
    String name,
    String version,
    String alias,
    List<String> features,
    RowEncoder encoder,
    ForestScorer scorer) {

  public ServedModel {
    features = List.copyOf(features);
    if (features.size() != scorer.features()) {
      throw new IllegalArgumentException(
          "Model %s version %s has %d feature names, but its forest takes %d"
              .formatted(name, version, features.size(), scorer.features()));
    }
  }

  /** Turns one instance into the model's row, as the training did. */
  @FunctionalInterface
  public interface RowEncoder {

    /**
     * Encodes an instance.
     *
     * @param instance feature name to its JSON value; never with a name that the model lacks
     * @return one float a feature, in the model's order; {@code NaN} is missing
     * @throws IllegalArgumentException if a value has the wrong type, naming the feature
     */
    float[] encode(Map<String, Object> instance);
  }

  /** Scores one instance: the probability of a binary model. */
  float predict(Map<String, Object> instance) {
    return scorer.score(encoder.encode(instance));
  }
}
