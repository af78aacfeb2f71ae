package io.millrace.engine;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.CoercionAction;
import com.fasterxml.jackson.databind.cfg.CoercionInputShape;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.deser.std.StdDeserializer;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.type.LogicalType;
import com.google.protobuf.ByteString;
import io.temporal.common.converter.JacksonJsonPayloadConverter;
import java.io.IOException;
import java.lang.reflect.Type;
import org.jspecify.annotations.Nullable;

/**
 * Values as the SDK's own converter writes them, for values that travel inside others.
 *
 * <p>Numbers in a tree are exact: whatever path a value takes, it keeps all of its digits.
 */
final class Json {

  private static final ObjectMapper MAPPER =
      exact(JacksonJsonPayloadConverter.newDefaultObjectMapper());
  private static final ObjectMapper STRICT = strict(MAPPER.copy());

  private Json() {}

  /** The same JSON with a line for each field. */
  static String laidOut(String json) {
    try {
      return MAPPER.readTree(json).toPrettyString();
    } catch (JsonProcessingException e) {
      return json;
    }
  }

  /** What a text of JSON says; of another text, the text. */
  static JsonNode treeOrText(String text) {
    try {
      JsonNode tree = MAPPER.readTree(text);
      return tree.isMissingNode() ? JsonNodeFactory.instance.textNode(text) : tree;
    } catch (JsonProcessingException e) {
      return JsonNodeFactory.instance.textNode(text);
    }
  }

  static ObjectMapper exact(ObjectMapper mapper) {
    mapper.enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS);
    mapper.setConfig(
        mapper
            .getDeserializationConfig()
            .without(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES));
    return mapper;
  }

  /** Takes no value of another JSON type, no unknown field, and no null for a primitive. */
  private static ObjectMapper strict(ObjectMapper mapper) {
    mapper
        .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
        .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
        .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
        .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT);
    for (LogicalType type :
        new LogicalType[] {LogicalType.Integer, LogicalType.Float, LogicalType.Boolean}) {
      mapper
          .coercionConfigFor(type)
          .setCoercion(CoercionInputShape.String, CoercionAction.Fail)
          .setCoercion(CoercionInputShape.EmptyString, CoercionAction.Fail);
    }
    mapper
        .coercionConfigFor(LogicalType.Boolean)
        .setCoercion(CoercionInputShape.Integer, CoercionAction.Fail);
    mapper
        .coercionConfigFor(LogicalType.Textual)
        .setCoercion(CoercionInputShape.Integer, CoercionAction.Fail)
        .setCoercion(CoercionInputShape.Float, CoercionAction.Fail)
        .setCoercion(CoercionInputShape.Boolean, CoercionAction.Fail);
    return mapper;
  }

  static JsonNode tree(@Nullable Object value) {
    try {
      return MAPPER.readTree(MAPPER.writeValueAsBytes(value));
    } catch (IOException e) {
      throw new IllegalArgumentException("Cannot be written as JSON: " + e.getMessage(), e);
    }
  }

  /** Parses what a payload holds; null if it holds no JSON. */
  static @Nullable JsonNode parse(ByteString data) {
    try {
      return data.isEmpty() ? null : MAPPER.readTree(data.newInput());
    } catch (IOException e) {
      return null;
    }
  }

  /**
   * Reads a value.
   *
   * @throws IllegalArgumentException if it is not of the type
   */
  @SuppressWarnings("TypeParameterUnusedInFormals") // the type says what it is, as in Jackson
  static <T> @Nullable T read(@Nullable JsonNode value, Type type) {
    return read(MAPPER, value, type);
  }

  /**
   * Reads a value that a person has written.
   *
   * @throws IllegalArgumentException if it is not exactly of the type; the message says why
   */
  @SuppressWarnings("TypeParameterUnusedInFormals") // the type says what it is, as in Jackson
  static <T> @Nullable T readStrictly(@Nullable JsonNode value, Type type) {
    return read(STRICT, value, type);
  }

  @SuppressWarnings("TypeParameterUnusedInFormals")
  private static <T> @Nullable T read(ObjectMapper mapper, @Nullable JsonNode value, Type type) {
    if (value == null || value.isNull()) {
      return null;
    }
    try {
      // From text, not from the tree: a value must come out as if it had come in a payload.
      return mapper.readValue(mapper.writeValueAsBytes(value), mapper.constructType(type));
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(reason(e), e);
    } catch (IOException e) {
      throw new IllegalArgumentException(String.valueOf(e.getMessage()), e);
    }
  }

  private static String reason(JsonProcessingException e) {
    String where = e instanceof JsonMappingException mapping ? mapping.getPathReference() : "";
    String what = e.getOriginalMessage().replaceFirst(" \\(but might if coercion.*", "");
    return where.isEmpty() ? what : "%s (%s)".formatted(what, where);
  }

  /** Reads a tree with exact numbers inside another value, whatever mapper reads that one. */
  static final class ExactTree extends StdDeserializer<JsonNode> {
    private static final long serialVersionUID = 1;

    ExactTree() {
      super(JsonNode.class);
    }

    @Override
    public JsonNode deserialize(JsonParser parser, DeserializationContext context)
        throws IOException {
      return MAPPER.readValue(parser, JsonNode.class);
    }

    @Override
    public JsonNode getNullValue(DeserializationContext context) {
      return JsonNodeFactory.instance.nullNode();
    }
  }
}
