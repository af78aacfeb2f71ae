package io.millrace.core.serving;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Instances of a version and what its training predicted for them: before a version serves, it must
 * give the same. Its JSON is the version's artifact {@value #FILE_NAME}: {@code {"instances":
 * [{"brand": "sony", "price": 129.5}], "predictions": [[0.41]]}}.
 */
public final class GoldenBatch {
  /** The name of the artifact. */
  public static final String FILE_NAME = "golden_batch.json";

  /** How many instances a batch has at most: enough to reach every part of a model. */
  public static final int ROWS = 64;

  /** By how much a prediction may differ, or by what part of it if it is above 1. */
  public static final float TOLERANCE = 1e-5f;

  private static final JsonFactory JSON = new JsonFactory();

  private GoldenBatch() {}

  /**
   * The artifact's text.
   *
   * @param instances input name to number, text or null
   * @param predictions of a model with one output, one for each instance
   * @throws IllegalArgumentException if a prediction is not a finite number, naming its instance
   */
  public static String toJson(
      List<? extends Map<String, ? extends @Nullable Object>> instances, float[] predictions) {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = JSON.createGenerator(text)) {
      json.writeStartObject();
      json.writeArrayFieldStart("instances");
      for (Map<String, ? extends @Nullable Object> instance : instances) {
        write(json, instance);
      }
      json.writeEndArray();
      json.writeArrayFieldStart("predictions");
      for (int i = 0; i < predictions.length; i++) {
        json.writeStartArray();
        json.writeNumber(finite(predictions[i], i));
        json.writeEndArray();
      }
      json.writeEndArray();
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException("A string cannot be written to", e);
    }
    return text.toString();
  }

  private static float finite(float prediction, int instance) {
    if (!Float.isFinite(prediction)) {
      throw new IllegalArgumentException(
          "Golden instance %d has the prediction %s, which is not a finite number"
              .formatted(instance, prediction));
    }
    return prediction;
  }

  private static void write(JsonGenerator json, Map<String, ? extends @Nullable Object> instance)
      throws IOException {
    json.writeStartObject();
    for (Map.Entry<String, ? extends @Nullable Object> field : instance.entrySet()) {
      @Nullable Object value = field.getValue();
      json.writeFieldName(field.getKey());
      if (value == null) {
        json.writeNull();
      } else if (value instanceof Number number) {
        json.writeNumber(number.toString());
      } else {
        json.writeString(value.toString());
      }
    }
    json.writeEndObject();
  }
}
