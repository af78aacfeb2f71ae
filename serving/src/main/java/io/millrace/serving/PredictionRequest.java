package io.millrace.serving;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The body of a prediction request: {@code {"instances": [{"brand": "sony", "price": 12.5}]}}.
 *
 * @param instances feature name to value, one map an instance
 */
record PredictionRequest(List<Map<String, Object>> instances) {

  /** More instances than this in one request are refused. */
  static final int MAX_INSTANCES = 10_000;

  private static final ObjectMapper JSON = new ObjectMapper();

  /**
   * Parses and checks a body.
   *
   * @throws Problem 400 if it is no JSON object with a list {@code instances} of objects, 413 if
   *     there are too many, 422 if an instance names a feature that the model does not have
   */
  static PredictionRequest parse(byte[] body, List<String> features) {
    List<?> items = instances(body);
    if (items.size() > MAX_INSTANCES) {
      throw new Problem(
          413,
          "Too many instances",
          "%d instances, at most %d in one request".formatted(items.size(), MAX_INSTANCES));
    }
    List<Map<String, Object>> instances = new ArrayList<>(items.size());
    for (int i = 0; i < items.size(); i++) {
      instances.add(instance(items.get(i), i, features));
    }
    return new PredictionRequest(instances);
  }

  private static List<?> instances(byte[] body) {
    try {
      Map<String, Object> fields =
          JSON.readValue(new String(body, UTF_8), new TypeReference<Map<String, Object>>() {});
      if (fields != null && fields.get("instances") instanceof List<?> items) {
        return items;
      }
      throw new Problem(400, "Bad request", "The body must be an object with a list \"instances\"");
    } catch (JsonProcessingException e) {
      throw new Problem(400, "Bad JSON", e.getOriginalMessage());
    }
  }

  private static Map<String, Object> instance(Object item, int index, List<String> features) {
    if (!(item instanceof Map<?, ?> fields)) {
      throw new Problem(400, "Bad request", "instances[%d] is not an object".formatted(index));
    }
    Map<String, Object> instance = new HashMap<>();
    for (Map.Entry<?, ?> field : fields.entrySet()) {
      String name = String.valueOf(field.getKey());
      if (!features.contains(name)) {
        throw new Problem(
            422,
            "Unknown feature",
            "instances[%d].%s is no feature of the model; it has %s"
                .formatted(index, name, String.join(", ", features)));
      }
      if (field.getValue() != null) {
        instance.put(name, field.getValue());
      }
    }
    return instance;
  }
}
