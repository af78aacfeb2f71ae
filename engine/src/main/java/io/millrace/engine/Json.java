package io.millrace.engine;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.protobuf.ByteString;
import io.temporal.common.converter.JacksonJsonPayloadConverter;
import java.io.IOException;
import java.lang.reflect.Type;
import org.jspecify.annotations.Nullable;

/** Values as the SDK's own converter writes them, for results that travel inside others. */
final class Json {

  private static final ObjectMapper MAPPER = JacksonJsonPayloadConverter.newDefaultObjectMapper();

  private Json() {}

  static JsonNode tree(@Nullable Object value) {
    return MAPPER.valueToTree(value);
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
    if (value == null || value.isNull()) {
      return null;
    }
    return MAPPER.convertValue(value, MAPPER.constructType(type));
  }
}
