package io.millrace.workers.serving;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/** The artifact {@code feature_order.json}: a list of names. */
final class FeatureOrder {
  private static final String FILE = "feature_order.json";

  private FeatureOrder() {}

  static List<String> parse(String text) {
    List<String> names = new ArrayList<>();
    JsonNode document = JsonText.parse(FILE, text);
    for (JsonNode name : document) {
      if (!name.isTextual()) {
        break;
      }
      names.add(name.asText());
    }
    if (!document.isArray() || names.size() < document.size()) {
      throw new IllegalArgumentException(FILE + " must be a list of names");
    }
    return names;
  }
}
