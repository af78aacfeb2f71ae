package io.millrace.core.serving;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/**
 * Reads the JSON model file that XGBoost 1.x to 3.x writes into a {@link ForestScorer}.
 *
 * <p>Source of the layout: XGBoost's "Introduction to Model IO" and its model schema.
 */
final class XgboostModelReader {

  private final Map<?, ?> learner;

  private XgboostModelReader(Map<?, ?> learner) {
    this.learner = learner;
  }

  static ForestScorer read(byte[] json) {
    try (JsonParser parser = new JsonFactory().createParser(json)) {
      if (JsonTree.read(parser) instanceof Map<?, ?> root
          && root.get("learner") instanceof Map<?, ?> learner) {
        return new XgboostModelReader(learner).forest();
      }
      throw new UnsupportedModelException("Not an XGBoost JSON model: it has no \"learner\"");
    } catch (UnsupportedModelException e) {
      throw e;
    } catch (IOException | IllegalArgumentException | ClassCastException e) {
      throw new UnsupportedModelException("Not an XGBoost JSON model: " + e.getMessage(), e);
    }
  }

  private ForestScorer forest() {
    Map<?, ?> booster = object(learner, "gradient_booster");
    String kind = String.valueOf(booster.get("name"));
    if (!kind.equals("gbtree")) {
      throw new UnsupportedModelException(
          "Booster '%s' is not supported, only 'gbtree'; score it with the native library"
              .formatted(kind));
    }
    Map<?, ?> params = object(learner, "learner_model_param");
    ForestScorer.Link link = link(String.valueOf(object(learner, "objective").get("name")));
    List<?> trees = list(object(booster, "model"), "trees");
    return new ForestScorer(
        trees.stream().map(tree -> tree((Map<?, ?>) tree)).toList(),
        link.margin(baseScore(String.valueOf(params.get("base_score")))),
        link,
        Integer.parseInt(String.valueOf(params.get("num_feature"))));
  }

  private static ForestScorer.Link link(String objective) {
    return switch (objective) {
      case "binary:logistic", "reg:logistic" -> ForestScorer.Link.LOGISTIC;
      case "binary:logitraw", "reg:squarederror", "reg:absoluteerror" -> ForestScorer.Link.IDENTITY;
      default ->
          throw new UnsupportedModelException(
              "Objective '%s' is not supported; supported are binary:logistic, binary:logitraw, reg:logistic, reg:squarederror, reg:absoluteerror"
                  .formatted(objective));
    };
  }

  /** Newer versions write the base score as a bracketed list of one. */
  private static float baseScore(String text) {
    return Float.parseFloat(text.replace("[", "").replace("]", ""));
  }

  private static Tree tree(Map<?, ?> tree) {
    if (list(tree, "split_type").stream().anyMatch(type -> ((Number) type).intValue() != 0)) {
      throw new UnsupportedModelException(
          "Categorical splits are not supported; encode categories as numbers before training");
    }
    return new Tree(
        ints(list(tree, "left_children")),
        ints(list(tree, "right_children")),
        ints(list(tree, "split_indices")),
        floats(list(tree, "split_conditions")),
        booleans(list(tree, "default_left")));
  }

  private static Map<?, ?> object(Map<?, ?> parent, String field) {
    if (parent.get(field) instanceof Map<?, ?> object) {
      return object;
    }
    throw new UnsupportedModelException("XGBoost model without object '%s'".formatted(field));
  }

  private static List<?> list(Map<?, ?> parent, String field) {
    if (parent.get(field) instanceof List<?> items) {
      return items;
    }
    throw new UnsupportedModelException("XGBoost model without list '%s'".formatted(field));
  }

  private static int[] ints(List<?> values) {
    return values.stream().mapToInt(value -> ((Number) value).intValue()).toArray();
  }

  private static float[] floats(List<?> values) {
    float[] floats = new float[values.size()];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = ((Number) values.get(i)).floatValue();
    }
    return floats;
  }

  private static boolean[] booleans(List<?> values) {
    boolean[] flags = new boolean[values.size()];
    for (int i = 0; i < flags.length; i++) {
      Object value = values.get(i);
      flags[i] = value instanceof Boolean flag ? flag : ((Number) value).intValue() != 0;
    }
    return flags;
  }
}
