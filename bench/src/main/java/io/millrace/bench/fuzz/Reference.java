package io.millrace.bench.fuzz;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.millrace.core.features.OnlineKey;
import io.millrace.core.features.OnlineRow;
import io.millrace.core.serving.ModelSchema.Input;
import io.millrace.core.serving.ModelSchema.Kind;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Says what a body is worth, by a tree and plain rules, and what it must be answered with: another
 * way to the same end as the server's, which reads token by token.
 */
final class Reference {
  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private Reference() {}

  /** Thrown for a body that must not be answered with 200. */
  private static final class Refused extends Exception {
    private static final long serialVersionUID = 1L;
  }

  /**
   * The predictions that the body must be answered with, null for an entity without features;
   * nothing at all for a body that must be refused.
   */
  static @Nullable List<@Nullable Float> predictions(String path, byte[] body) {
    try {
      JsonNode root = JSON.readTree(body);
      return switch (path) {
        case Bodies.PREDICT -> predict(root);
        case Bodies.ENTITIES -> entities(list(root));
        case Bodies.INFERENCE -> inference(root);
        default -> null;
      };
    } catch (IOException | Refused e) {
      return null;
    }
  }

  private static List<@Nullable Float> predict(JsonNode root) throws Refused {
    only(root, Set.of("instances", "entities", "user"));
    require(root.has("instances") != root.has("entities"));
    JsonNode user = root.path("user");
    require(user.isMissingNode() || user.isNull() || user.isTextual() || isWhole(user));
    if (root.has("entities")) {
      return entities(list(root.get("entities")));
    }
    List<@Nullable Float> predictions = new ArrayList<>();
    for (JsonNode instance : list(root.get("instances"))) {
      only(instance, Set.copyOf(FuzzTarget.SCHEMA.names()));
      float[] row = new float[FuzzTarget.SCHEMA.inputs().size()];
      for (int i = 0; i < row.length; i++) {
        Input input = FuzzTarget.SCHEMA.inputs().get(i);
        row[i] = value(input, instance.path(input.name()));
      }
      predictions.add(FuzzTarget.FOREST.score(row));
    }
    return predictions;
  }

  private static List<@Nullable Float> inference(JsonNode root) throws Refused {
    only(root, Set.of("input_data", "model_version", "retries", "sla_seconds"));
    JsonNode version = root.path("model_version");
    require(version.isMissingNode() || version.isNull() || version.asText().equals("7"));
    JsonNode retries = root.path("retries");
    require(
        retries.isMissingNode()
            || (isWhole(retries) && retries.asDouble() >= 0 && retries.asDouble() <= 10));
    JsonNode sla = root.path("sla_seconds");
    require(sla.isMissingNode() || (sla.isNumber() && sla.asDouble() > 0 && sla.asDouble() <= 600));
    JsonNode data = root.path("input_data");
    require(data.isArray() && data.size() == FuzzTarget.SCHEMA.inputs().size());
    float[] row = new float[data.size()];
    for (int i = 0; i < row.length; i++) {
      row[i] = value(FuzzTarget.SCHEMA.inputs().get(i), data.get(i));
    }
    List<@Nullable Float> predictions = new ArrayList<>();
    predictions.add(FuzzTarget.FOREST.score(row));
    return predictions;
  }

  private static List<@Nullable Float> entities(JsonNode list) throws Refused {
    List<@Nullable Float> predictions = new ArrayList<>();
    for (JsonNode entity : list) {
      only(entity, Set.of("user_id", "product_id", "user_session"));
      require(isLong(entity.path("user_id")) && isLong(entity.path("product_id")));
      JsonNode session = entity.path("user_session");
      require(session.isMissingNode() || session.isNull() || session.isTextual());
      OnlineRow row =
          FuzzTarget.row(
              new OnlineKey(entity.get("user_id").asLong(), entity.get("product_id").asLong()));
      predictions.add(row == null ? null : score(row));
    }
    return predictions;
  }

  private static float score(OnlineRow row) {
    return FuzzTarget.FOREST.score(
        new float[] {
          FuzzTarget.BRANDS.values().indexOf(row.features().brand()),
          (float) row.features().price(),
          row.features().eventWeekday(),
          row.features().activityCount()
        });
  }

  private static float value(Input input, JsonNode value) throws Refused {
    if (value.isMissingNode() || value.isNull()) {
      return switch (input.missing()) {
        case REJECT -> throw new Refused();
        case DEFAULT -> input.defaultValue();
        case NAN -> Float.NaN;
      };
    }
    if (input.kind() == Kind.CATEGORY) {
      require(value.isTextual() || isWhole(value));
      return FuzzTarget.BRANDS.values().indexOf(value.asText());
    }
    require(value.isNumber() && Float.isFinite((float) value.asDouble()));
    return (float) value.asDouble();
  }

  private static JsonNode list(JsonNode value) throws Refused {
    require(value.isArray() && value.size() <= FuzzTarget.BATCH);
    return value;
  }

  private static void only(JsonNode value, Set<String> names) throws Refused {
    require(value.isObject());
    for (var field : value.properties()) {
      require(names.contains(field.getKey()));
    }
  }

  private static boolean isWhole(JsonNode value) {
    return value.isIntegralNumber();
  }

  private static boolean isLong(JsonNode value) {
    return value.isIntegralNumber() && value.canConvertToLong();
  }

  private static void require(boolean rule) throws Refused {
    if (!rule) {
      throw new Refused();
    }
  }
}
