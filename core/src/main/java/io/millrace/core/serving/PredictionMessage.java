package io.millrace.core.serving;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A message of {@code model.predictions}: what one row of one request was given. Serving writes it,
 * the lake files it under its hour, and the warehouse reads it.
 *
 * @param timestamp when the request was answered, to the microsecond
 * @param predictionId differs from that of every other row of any request; a message that is
 *     written again keeps it
 * @param requestId the answer's {@code X-Request-Id}, which a client may choose and use twice
 * @param row place of the row among those of the request that this version scored, from 0
 * @param model the registered model
 * @param version its version, which answered or was scored beside
 * @param alias by which the version served; {@code shadow} never answered
 * @param userId whose prediction; null if the request brought the features itself
 * @param productId of which product; null likewise
 * @param features a JSON object: each input's value by name; null where it was not known
 * @param prediction what the model gave: one number, or one for each class
 * @param latencyMs milliseconds from the reading of the request to its scores
 */
public record PredictionMessage(
    Instant timestamp,
    String predictionId,
    String requestId,
    int row,
    String model,
    String version,
    String alias,
    @Nullable Long userId,
    @Nullable Long productId,
    String features,
    List<Float> prediction,
    double latencyMs) {
  /** Where these messages are. */
  public static final String TOPIC = "model.predictions";

  /** Times from here on are taken for real. */
  static final Instant EARLIEST = Instant.parse("2000-01-01T00:00:00Z");

  /** Times from here on are not. */
  static final Instant END = Instant.parse("2100-01-01T00:00:00Z");

  private static final JsonFactory JSON = new JsonFactory();

  public PredictionMessage {
    prediction = List.copyOf(prediction);
  }

  /** The message's bytes: a JSON object, {@code timestamp} first. */
  public byte[] bytes() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(512);
    try (JsonGenerator json = JSON.createGenerator(bytes)) {
      json.writeStartObject();
      json.writeStringField("timestamp", timestamp.toString());
      json.writeStringField("prediction_id", predictionId);
      json.writeStringField("request_id", requestId);
      json.writeNumberField("row", row);
      json.writeStringField("model", model);
      json.writeStringField("version", version);
      json.writeStringField("alias", alias);
      number(json, "user_id", userId);
      number(json, "product_id", productId);
      json.writeFieldName("features");
      json.writeRawValue(features);
      prediction(json);
      json.writeNumberField("latency_ms", latencyMs);
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException("A byte array cannot be written to", e);
    }
    return bytes.toByteArray();
  }

  private static void number(JsonGenerator json, String name, @Nullable Long value)
      throws IOException {
    if (value == null) {
      json.writeNullField(name);
    } else {
      json.writeNumberField(name, value);
    }
  }

  private void prediction(JsonGenerator json) throws IOException {
    json.writeFieldName("prediction");
    if (prediction.size() == 1) {
      json.writeNumber(prediction.get(0));
      return;
    }
    json.writeStartArray();
    for (float value : prediction) {
      json.writeNumber(value);
    }
    json.writeEndArray();
  }

  /** When the message at hand was made; null if it does not say so, or no sensible time. */
  public static @Nullable Instant timeOf(byte[] message) {
    try (JsonParser json = JSON.createParser(message)) {
      if (json.nextToken() != JsonToken.START_OBJECT) {
        return null;
      }
      for (String name = json.nextFieldName(); name != null; name = json.nextFieldName()) {
        if (json.nextToken() == JsonToken.VALUE_STRING && name.equals("timestamp")) {
          Instant time = Instant.parse(json.getText());
          return isSensible(time) ? time : null;
        }
        json.skipChildren();
      }
      return null;
    } catch (IOException | DateTimeException e) {
      return null;
    }
  }

  static boolean isSensible(Instant time) {
    return !time.isBefore(EARLIEST) && time.isBefore(END);
  }

  /**
   * Reads a message. Fields that it does not know are passed over.
   *
   * @throws IllegalArgumentException saying what is wrong with it
   */
  public static PredictionMessage parse(byte[] message) {
    return PredictionReader.read(message);
  }
}
