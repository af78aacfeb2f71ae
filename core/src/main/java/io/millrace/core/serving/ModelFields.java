package io.millrace.core.serving;

import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The fields of an object in a model file: {@code Map}, {@code List}, {@code double[]}, {@code
 * String}, {@code Double} or {@code Boolean} by name.
 */
record ModelFields(Map<String, Object> fields) {
  /** Nested deeper than any model is. */
  static final int MAX_DEPTH = 32;

  private static final Set<String> READ =
      Set.of(
          "learner",
          "learner_model_param",
          "attributes",
          "best_iteration",
          "scikit_learn",
          "feature_names",
          "feature_types",
          "gbtree_model_param",
          "num_parallel_tree",
          "iteration_indptr",
          "base_score",
          "num_class",
          "num_feature",
          "num_target",
          "objective",
          "name",
          "gradient_booster",
          "model",
          "weights",
          "trees",
          "tree_info",
          "tree_param",
          "size_leaf_vector",
          "left_children",
          "right_children",
          "split_indices",
          "split_conditions",
          "split_type",
          "default_left");

  /** Whether the field is needed; half of a file, statistics of the training, is not. */
  static boolean isRead(String name) {
    return READ.contains(name);
  }

  static ModelFields of(Object value, String what) {
    if (value instanceof Map<?, ?> map) {
      @SuppressWarnings("unchecked") // the readers make no other maps
      Map<String, Object> fields = (Map<String, Object>) map;
      return new ModelFields(fields);
    }
    throw new UnsupportedModelException(
        "Not an XGBoost model: '%s' is not an object".formatted(what));
  }

  ModelFields object(String name) {
    return of(required(name), name);
  }

  boolean has(String name) {
    return fields.containsKey(name);
  }

  String text(String name) {
    return String.valueOf(required(name));
  }

  /** A count, which XGBoost writes as text; 0 if there is none. */
  int count(String name) {
    if (!has(name)) {
      return 0;
    }
    try {
      return Integer.parseInt(text(name));
    } catch (NumberFormatException e) {
      throw damaged(name, "is '%s', not a whole number".formatted(PrintableText.of(text(name))));
    }
  }

  List<?> list(String name) {
    Object value = required(name);
    if (value instanceof double[] numbers && numbers.length == 0) {
      return List.of();
    }
    if (value instanceof List<?> list) {
      return list;
    }
    throw damaged(name, "is not a list");
  }

  /** Texts of a list; empty if there is none. */
  List<String> texts(String name) {
    return has(name) ? list(name).stream().map(String::valueOf).toList() : List.of();
  }

  double[] numbers(String name) {
    if (required(name) instanceof double[] numbers) {
      return numbers;
    }
    throw damaged(name, "is not a list of numbers");
  }

  float[] floats(String name) {
    double[] numbers = numbers(name);
    float[] floats = new float[numbers.length];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = (float) numbers[i];
    }
    return floats;
  }

  int[] ints(String name) {
    double[] numbers = numbers(name);
    int[] ints = new int[numbers.length];
    for (int i = 0; i < ints.length; i++) {
      ints[i] = (int) numbers[i];
      if (ints[i] != numbers[i]) {
        throw damaged(name, "has %s, not a whole number of 32 bits".formatted(numbers[i]));
      }
    }
    return ints;
  }

  private Object required(String name) {
    Object value = fields.get(name);
    if (value == null) {
      throw damaged(name, "is missing");
    }
    return value;
  }

  static UnsupportedModelException damaged(String name, String how) {
    return new UnsupportedModelException("Damaged XGBoost model: '%s' %s".formatted(name, how));
  }
}
