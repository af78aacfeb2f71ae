package io.millrace.workers.serving;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;

/** The artifact {@code feature_order.json}: a list of names. */
final class FeatureOrder {
  private static final ObjectMapper JSON = new ObjectMapper();

  private FeatureOrder() {}

  static List<String> parse(String text) {
    try {
      return JSON.readValue(text, new TypeReference<List<String>>() {});
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(
          "feature_order.json is no list of names: " + e.getOriginalMessage(), e);
    }
  }
}
