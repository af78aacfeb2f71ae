package io.millrace.core.serving;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.millrace.core.serving.ModelSchema.Input;
import io.millrace.core.serving.ModelSchema.Kind;
import io.millrace.core.serving.ModelSchema.Missing;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads the artifact of a {@link ModelSchema}, and names what is wrong with it. */
final class ModelSchemaReader {
  private static final String FILE_NAME = ModelSchema.FILE_NAME;
  private static final JsonFactory JSON = new JsonFactory();

  private ModelSchemaReader() {}

  static ModelSchema read(String text) {
    List<Input> inputs = new ArrayList<>();
    List<String> labels = new ArrayList<>();
    @Nullable Float missingValue = null;
    try (JsonParser json = JSON.createParser(text)) {
      expect(json.nextToken(), JsonToken.START_OBJECT, "the document", "an object");
      for (String name = json.nextFieldName(); name != null; name = json.nextFieldName()) {
        json.nextToken();
        switch (name) {
          case "inputs" -> eachOf(json, name, () -> inputs.add(input(json)));
          case "labels" -> eachOf(json, name, () -> labels.add(label(json)));
          case "missing_value" -> missingValue = missingValue(json);
          default -> json.skipChildren();
        }
      }
      return new ModelSchema(inputs, labels, missingValue);
    } catch (IOException e) {
      throw new IllegalArgumentException(FILE_NAME + ": " + JsonFault.of(e), e);
    }
  }

  @FunctionalInterface
  private interface Item {
    boolean read() throws IOException;
  }

  private static void eachOf(JsonParser json, String list, Item item) throws IOException {
    expect(json.currentToken(), JsonToken.START_ARRAY, list, "a list");
    while (json.nextToken() != JsonToken.END_ARRAY) {
      boolean unused = item.read();
    }
  }

  private static String label(JsonParser json) throws IOException {
    if (json.currentToken() == JsonToken.VALUE_NULL || !json.currentToken().isScalarValue()) {
      throw new IllegalArgumentException(
          "%s: a label must be a text, but is %s"
              .formatted(FILE_NAME, JsonFault.kind(json.currentToken())));
    }
    return json.getText();
  }

  private static @Nullable Float missingValue(JsonParser json) throws IOException {
    return json.currentToken() == JsonToken.VALUE_NULL
        ? null
        : (Float) number("missing_value", json.getText());
  }

  private static Input input(JsonParser json) throws IOException {
    expect(json.currentToken(), JsonToken.START_OBJECT, "an input", "an object");
    Map<String, String> fields = new HashMap<>();
    for (String name = json.nextFieldName(); name != null; name = json.nextFieldName()) {
      json.nextToken();
      fields.put(name, json.getText());
      json.skipChildren();
    }
    String name = fields.getOrDefault("name", "");
    if (name.isEmpty()) {
      throw new IllegalArgumentException(FILE_NAME + ": an input has no name");
    }
    Missing missing = oneOf(Missing.class, name, "missing", fields);
    return new Input(
        name,
        oneOf(Kind.class, name, "kind", fields),
        missing,
        missing == Missing.DEFAULT
            ? number(
                "default of input '%s'".formatted(PrintableText.of(name)),
                fields.getOrDefault("default", ""))
            : Float.NaN);
  }

  /** A number of 32 bits that a row can have: not NaN, which is a missing value, nor infinite. */
  private static float number(String what, String text) {
    float number;
    try {
      number = Float.parseFloat(text);
    } catch (NumberFormatException e) {
      number = Float.NaN;
    }
    if (!Float.isFinite(number)) {
      throw new IllegalArgumentException(
          "%s: %s must be a finite number of 32 bits, but is '%s'"
              .formatted(FILE_NAME, what, PrintableText.of(text)));
    }
    return number;
  }

  private static <E extends Enum<E>> E oneOf(
      Class<E> type, String input, String field, Map<String, String> fields) {
    Map<String, E> words = new LinkedHashMap<>();
    for (E value : type.getEnumConstants()) {
      words.put(ModelSchema.word(value), value);
    }
    E found = words.get(fields.getOrDefault(field, ""));
    if (found == null) {
      throw new IllegalArgumentException(
          "%s: %s of input '%s' must be one of %s, but is '%s'"
              .formatted(
                  FILE_NAME,
                  field,
                  PrintableText.of(input),
                  words.keySet(),
                  PrintableText.of(fields.get(field))));
    }
    return found;
  }

  private static void expect(
      @Nullable JsonToken actual, JsonToken wanted, String where, String words) {
    if (actual != wanted) {
      throw new IllegalArgumentException(
          "%s: %s must be %s, but is %s"
              .formatted(FILE_NAME, where, words, JsonFault.kind(actual)));
    }
  }
}
