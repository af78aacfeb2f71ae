package io.millrace.core.serving;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads the fields that matter of a JSON model file; see {@link ModelFields} for the values. */
final class JsonDocument {
  // XGBoost writes NaN and Infinity into statistics.
  private static final JsonFactory FACTORY =
      JsonFactory.builder().enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS).build();

  private final JsonParser parser;

  private JsonDocument(JsonParser parser) {
    this.parser = parser;
  }

  static Object read(byte[] bytes) {
    try (JsonParser parser = FACTORY.createParser(bytes)) {
      parser.nextToken();
      return new JsonDocument(parser).value(0);
    } catch (IOException e) {
      throw new UnsupportedModelException(
          "Not an XGBoost model in JSON or UBJSON: " + JsonFault.of(e), e);
    }
  }

  private Object value(int depth) throws IOException {
    if (depth > ModelFields.MAX_DEPTH) {
      throw new UnsupportedModelException(
          "Not an XGBoost model: nested deeper than " + ModelFields.MAX_DEPTH);
    }
    JsonToken token = parser.currentToken();
    if (token == null) {
      throw new UnsupportedModelException("Not an XGBoost model: the JSON ends too early");
    }
    return switch (token) {
      case START_OBJECT -> object(depth);
      case START_ARRAY -> array(depth);
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> number();
      case VALUE_TRUE, VALUE_FALSE -> parser.getBooleanValue();
      default -> parser.getText();
    };
  }

  /** Whole numbers fully, others as the float32 that XGBoost wrote. */
  private double number() throws IOException {
    return parser.currentToken() == JsonToken.VALUE_NUMBER_INT
        ? parser.getDoubleValue()
        : parser.getFloatValue();
  }

  private Map<String, Object> object(int depth) throws IOException {
    Map<String, Object> fields = new LinkedHashMap<>();
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String name = parser.currentName();
      parser.nextToken();
      if (ModelFields.isRead(name)) {
        fields.put(name, value(depth + 1));
      } else {
        parser.skipChildren();
      }
    }
    return fields;
  }

  private Object array(int depth) throws IOException {
    JsonToken first = parser.nextToken();
    if (first == JsonToken.END_ARRAY || first.isNumeric() || first.isBoolean()) {
      return numbers();
    }
    List<Object> items = new ArrayList<>();
    for (; parser.currentToken() != JsonToken.END_ARRAY; parser.nextToken()) {
      items.add(value(depth + 1));
    }
    return items;
  }

  private double[] numbers() throws IOException {
    Numbers numbers = new Numbers();
    for (; parser.currentToken() != JsonToken.END_ARRAY; parser.nextToken()) {
      JsonToken token = parser.currentToken();
      if (token != null && token.isNumeric()) {
        numbers.add(number());
      } else if (token != null && token.isBoolean()) {
        numbers.add(parser.getBooleanValue() ? 1 : 0);
      } else {
        throw new UnsupportedModelException(
            "Not an XGBoost model: a list of numbers has %s in it"
                .formatted(JsonFault.kind(token)));
      }
    }
    return numbers.toArray();
  }
}
