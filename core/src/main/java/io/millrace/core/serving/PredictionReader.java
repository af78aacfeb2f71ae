package io.millrace.core.serving;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.millrace.core.events.StorableText;
import java.io.IOException;
import java.io.StringWriter;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads one {@link PredictionMessage}, and refuses what a table could not hold. */
final class PredictionReader {
  private static final JsonFactory JSON = new JsonFactory();
  private static final int MAX_TEXT = 255;

  private final Map<String, String> texts = new HashMap<>();
  private final Map<String, Double> numbers = new HashMap<>();
  private final Map<String, Long> wholes = new HashMap<>();
  private final List<Float> prediction = new ArrayList<>();
  private @Nullable String features;

  private PredictionReader() {}

  static PredictionMessage read(byte[] message) {
    PredictionReader reader = new PredictionReader();
    try (JsonParser json = JSON.createParser(message)) {
      require(json.nextToken() == JsonToken.START_OBJECT, "A prediction must be a JSON object");
      for (String name = json.nextFieldName(); name != null; name = json.nextFieldName()) {
        json.nextToken();
        reader.field(name, json);
      }
      require(json.nextToken() == null, "There is more behind the end of the object");
      return reader.message();
    } catch (IOException e) {
      throw new IllegalArgumentException("Not JSON: " + JsonFault.of(e), e);
    }
  }

  private void field(String name, JsonParser json) throws IOException {
    switch (name) {
      case "timestamp", "prediction_id", "request_id", "model", "version", "alias" ->
          texts.put(name, text(name, json));
      case "row" -> wholes.put(name, whole(name, json));
      case "user_id", "product_id" -> {
        if (json.currentToken() != JsonToken.VALUE_NULL) {
          wholes.put(name, whole(name, json));
        }
      }
      case "latency_ms" -> numbers.put(name, number(name, json));
      case "prediction" -> prediction(json);
      case "features" -> features = features(json);
      default -> json.skipChildren();
    }
  }

  private PredictionMessage message() {
    require(features != null, "features is missing");
    require(!prediction.isEmpty(), "prediction is missing");
    long row = required(wholes, "row");
    require(row >= 0 && row <= Integer.MAX_VALUE, "row must be 0 or more, but is " + row);
    return new PredictionMessage(
        timestamp(required(texts, "timestamp")),
        required(texts, "prediction_id"),
        required(texts, "request_id"),
        (int) row,
        required(texts, "model"),
        required(texts, "version"),
        required(texts, "alias"),
        wholes.get("user_id"),
        wholes.get("product_id"),
        String.valueOf(features),
        prediction,
        required(numbers, "latency_ms"));
  }

  private static Instant timestamp(String text) {
    try {
      Instant time = Instant.parse(text);
      require(
          PredictionMessage.isSensible(time),
          "timestamp must be in the years 2000 to 2099, but is " + PrintableText.of(text));
      return time;
    } catch (DateTimeException e) {
      throw new IllegalArgumentException("timestamp is not a time: " + PrintableText.of(text), e);
    }
  }

  private void prediction(JsonParser json) throws IOException {
    prediction.clear();
    if (json.currentToken() != JsonToken.START_ARRAY) {
      prediction.add(score(json));
      return;
    }
    while (json.nextToken() != JsonToken.END_ARRAY) {
      prediction.add(score(json));
    }
  }

  private static float score(JsonParser json) throws IOException {
    float score = (float) number("prediction", json);
    require(Float.isFinite(score), "prediction must be a finite number of 32 bits");
    return score;
  }

  /** The object anew: numbers that a table takes, texts without NUL. */
  private static String features(JsonParser in) throws IOException {
    require(in.currentToken() == JsonToken.START_OBJECT, "features must be an object");
    StringWriter text = new StringWriter();
    try (JsonGenerator out = JSON.createGenerator(text)) {
      out.writeStartObject();
      for (String name = in.nextFieldName(); name != null; name = in.nextFieldName()) {
        JsonToken token = in.nextToken();
        out.writeFieldName(plain("a feature's name", name));
        if (token == JsonToken.VALUE_NULL) {
          out.writeNull();
        } else if (token == JsonToken.VALUE_STRING) {
          out.writeString(plain("features." + name, in.getText()));
        } else {
          number(out, number("features." + name, in));
        }
      }
      out.writeEndObject();
    }
    return text.toString();
  }

  private static void number(JsonGenerator out, double value) throws IOException {
    // As an input of 32 bits writes it: 129.5, and 3 rather than 3.0.
    if (value == Math.rint(value) && Math.abs(value) < 1e15) {
      out.writeNumber((long) value);
    } else {
      out.writeNumber(value);
    }
  }

  private static String text(String name, JsonParser json) throws IOException {
    require(json.currentToken() == JsonToken.VALUE_STRING, name + " must be a text");
    String text = plain(name, json.getText());
    require(
        text.length() <= MAX_TEXT,
        "%s must have at most %d characters, but has %d".formatted(name, MAX_TEXT, text.length()));
    return text;
  }

  private static String plain(String name, String text) {
    require(
        StorableText.isStorable(text),
        name + " must not have a NUL character or half of a surrogate pair");
    return text;
  }

  private static long whole(String name, JsonParser json) throws IOException {
    require(
        json.currentToken() == JsonToken.VALUE_NUMBER_INT
            && json.getNumberType() != JsonParser.NumberType.BIG_INTEGER,
        name + " must be a whole number of 64 bits");
    return json.getLongValue();
  }

  private static double number(String name, JsonParser json) throws IOException {
    require(json.currentToken().isNumeric(), name + " must be a number");
    double value = json.getDoubleValue();
    require(Double.isFinite(value), name + " must be a finite number");
    return value;
  }

  private static <T> T required(Map<String, T> fields, String name) {
    @Nullable T value = fields.get(name);
    if (value == null) {
      throw new IllegalArgumentException(name + " is missing");
    }
    return value;
  }

  private static void require(boolean holds, String reason) {
    if (!holds) {
      throw new IllegalArgumentException(reason);
    }
  }
}
