package io.millrace.engine;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import io.millrace.engine.StrictJson.WrongInput;
import io.temporal.common.converter.RawValue;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Reads params as releases did that accepted a number for a text and the like, so that runs which
 * they began replay; no new run is read so.
 */
final class PriorParams {

  private static final ObjectMapper JSON =
      JsonMapper.builder()
          .addModules(new JavaTimeModule(), new Jdk8Module())
          .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
          .disable(SerializationFeature.WRITE_DURATIONS_AS_TIMESTAMPS)
          .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
          .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
          .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
          .build();

  private PriorParams() {}

  static <P> P read(@Nullable RawValue input, P defaults) {
    return read(tree(input), defaults);
  }

  static RunOptions options(@Nullable RawValue input) {
    return read(tree(input).path(RunOptions.FIELD), RunOptions.NONE);
  }

  private static JsonNode tree(@Nullable RawValue input) {
    try {
      return input == null
          ? MissingNode.getInstance()
          : JSON.readTree(input.getPayload().getData().newInput());
    } catch (IOException e) {
      throw new WrongInput("the input is not JSON");
    }
  }

  private static <P> P read(JsonNode given, P defaults) {
    if (given.isMissingNode() || given.isNull()) {
      return defaults;
    }
    ObjectNode merged = JSON.createObjectNode();
    if (defaults instanceof Record) {
      merged.setAll((ObjectNode) JSON.valueToTree(defaults));
    }
    if (!(given instanceof ObjectNode fields)) {
      throw new WrongInput("the input must be one JSON object");
    }
    merged.setAll(fields);
    merged.remove(RunOptions.FIELD);
    try {
      @SuppressWarnings("unchecked") // the class of a P
      Class<P> type = (Class<P>) defaults.getClass();
      return JSON.treeToValue(merged, type);
    } catch (JsonProcessingException | IllegalArgumentException e) {
      throw new WrongInput(String.valueOf(e.getMessage()));
    }
  }
}
