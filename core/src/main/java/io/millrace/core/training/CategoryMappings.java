package io.millrace.core.training;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The encodings of all categorical features of one model version; its JSON is the version's
 * artifact {@value #FILE_NAME}.
 *
 * <p>The JSON is one object a feature, value to code: {@code {"brand":{"acer":0,"apple":1},...}}.
 */
public record CategoryMappings(Map<String, OrdinalEncoding> encodings) {
  /** The name of the artifact that holds the mappings. */
  public static final String FILE_NAME = "category_mappings.json";

  private static final JsonFactory JSON = new JsonFactory();

  public CategoryMappings {
    encodings = Collections.unmodifiableMap(new LinkedHashMap<>(encodings));
  }

  /**
   * The code of a value of a feature.
   *
   * @throws IllegalArgumentException if the feature has no mapping: a model must never be fed a
   *     feature that was coded otherwise than in training
   */
  public int code(String feature, @Nullable String value) {
    return encoding(feature).code(value);
  }

  /** The encoding of a feature; see {@link #code} for what happens when there is none. */
  public OrdinalEncoding encoding(String feature) {
    OrdinalEncoding encoding = encodings.get(feature);
    if (encoding == null) {
      throw new IllegalArgumentException(
          "No category mapping for feature '" + feature + "'; there are " + encodings.keySet());
    }
    return encoding;
  }

  /**
   * Renders the mappings; the order of features and values is kept, so equal maps give equal text.
   */
  public String toJson() {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = JSON.createGenerator(text)) {
      json.writeStartObject();
      for (Map.Entry<String, OrdinalEncoding> feature : encodings.entrySet()) {
        json.writeObjectFieldStart(feature.getKey());
        List<String> values = feature.getValue().values();
        for (int code = 0; code < values.size(); code++) {
          json.writeNumberField(values.get(code), code);
        }
        json.writeEndObject();
      }
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return text.toString();
  }

  /**
   * Reads what {@link #toJson} wrote, or any object of objects whose codes are 0..n-1.
   *
   * @throws IllegalArgumentException if the text is not that, naming the feature
   */
  public static CategoryMappings fromJson(String text) {
    Map<String, OrdinalEncoding> encodings = new LinkedHashMap<>();
    try (JsonParser json = JSON.createParser(text)) {
      expect(json.nextToken(), JsonToken.START_OBJECT, "the document");
      while (json.nextToken() == JsonToken.FIELD_NAME) {
        String feature = json.currentName();
        expect(json.nextToken(), JsonToken.START_OBJECT, "feature '" + feature + "'");
        encodings.put(feature, readEncoding(json, feature));
      }
      return new CategoryMappings(encodings);
    } catch (IOException e) {
      throw new IllegalArgumentException(FILE_NAME + " is not JSON: " + e.getMessage(), e);
    }
  }

  private static OrdinalEncoding readEncoding(JsonParser json, String feature) throws IOException {
    Map<String, Integer> codes = new LinkedHashMap<>();
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String value = json.currentName();
      expect(json.nextToken(), JsonToken.VALUE_NUMBER_INT, "'" + feature + "." + value + "'");
      codes.put(value, json.getIntValue());
    }
    @Nullable String[] ordered = new @Nullable String[codes.size()];
    codes.forEach(
        (value, code) -> {
          if (code < 0 || code >= ordered.length || ordered[code] != null) {
            throw new IllegalArgumentException(
                "Codes of feature '%s' are not 0..%d: '%s' has %d"
                    .formatted(feature, ordered.length - 1, value, code));
          }
          ordered[code] = value;
        });
    List<String> values = new ArrayList<>(ordered.length);
    Arrays.stream(ordered).forEach(value -> values.add(String.valueOf(value)));
    return OrdinalEncoding.ofOrdered(values);
  }

  private static void expect(@Nullable JsonToken actual, JsonToken wanted, String where) {
    if (actual != wanted) {
      throw new IllegalArgumentException(
          FILE_NAME + ": " + where + " should be " + wanted + " and is " + actual);
    }
  }
}
