package io.millrace.serving;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.millrace.core.serving.ForestScorer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A registry in memory. */
final class FakeModelSource implements ModelSource {

  private final Map<String, String> versions = new HashMap<>();
  boolean broken;

  FakeModelSource with(String name, String version) {
    versions.put(name, version);
    return this;
  }

  @Override
  public Optional<ServedModel> load(String name, String alias) {
    if (broken) {
      throw new IllegalStateException("the registry is down");
    }
    return Optional.ofNullable(versions.get(name)).map(version -> model(name, version, alias));
  }

  private static ServedModel model(String name, String version, String alias) {
    return new ServedModel(name, version, alias, List.of("price"), FakeModelSource::row, FOREST);
  }

  private static float[] row(Map<String, Object> instance) {
    Object price = instance.get("price");
    if (price == null) {
      return new float[] {Float.NaN};
    }
    if (price instanceof Number number) {
      return new float[] {number.floatValue()};
    }
    throw new IllegalArgumentException("price must be a number, not '%s'".formatted(price));
  }

  /** Below 10: 1, from 10 on: 2, missing: 2. */
  private static final ForestScorer FOREST =
      ForestScorer.ofXgboostJson(
          """
          {"learner": {
            "learner_model_param": {"base_score": "0E0", "num_feature": "1"},
            "objective": {"name": "reg:squarederror"},
            "gradient_booster": {"name": "gbtree", "model": {"trees": [{
              "left_children": [1, -1, -1], "right_children": [2, -1, -1],
              "split_indices": [0, 0, 0], "split_conditions": [10.0, 1.0, 2.0],
              "default_left": [0, 0, 0], "split_type": [0, 0, 0]}]}}}}
          """
              .getBytes(UTF_8));
}
