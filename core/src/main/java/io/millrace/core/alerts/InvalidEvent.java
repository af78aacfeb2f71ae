package io.millrace.core.alerts;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.millrace.core.events.StorableText;
import io.millrace.core.events.Verdict;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a message of {@code tracking.user_behavior.invalid} says about itself.
 *
 * <p>Texts are cut, and what cannot be stored in them is replaced, so that an alert can always be
 * written, whoever wrote the message.
 *
 * @param source topic that it came from, or {@value #UNKNOWN}; at most {@value #MAX_NAME}
 *     characters
 * @param errorType its {@code error_type}, or {@value #UNKNOWN}; at most {@value #MAX_NAME}
 *     characters
 * @param errorMessage its {@code error_message}, or {@value #NO_MESSAGE}; at most {@value
 *     #MAX_MESSAGE} characters
 * @param timeMillis when it was written
 * @param rawEvent the beginning of a message that cannot be read; null for one that can
 */
public record InvalidEvent(
    String source,
    String errorType,
    String errorMessage,
    long timeMillis,
    @Nullable String rawEvent) {
  /** Where a message names no error type, or no topic. */
  public static final String UNKNOWN = "UNKNOWN";

  /** Where it names no error. */
  public static final String NO_MESSAGE = "No error message";

  static final int MAX_NAME = 255;
  static final int MAX_MESSAGE = 2_000;
  private static final int MAX_RAW = 1_000;
  private static final JsonFactory JSON =
      JsonFactory.builder().disable(JsonFactory.Feature.INTERN_FIELD_NAMES).build();

  /** Cuts and cleans the texts. */
  public InvalidEvent {
    source = StorableText.of(source, MAX_NAME);
    errorType = StorableText.of(errorType, MAX_NAME);
    errorMessage = StorableText.of(errorMessage, MAX_MESSAGE);
    rawEvent = rawEvent == null ? null : StorableText.of(rawEvent, MAX_RAW);
  }

  /** Reads a message's bytes; never throws, whatever they are. */
  public static InvalidEvent read(
      @Nullable String source, byte @Nullable [] value, long timeMillis) {
    String from = Objects.requireNonNullElse(source, UNKNOWN);
    byte[] bytes = value == null ? new byte[0] : value;
    String type = UNKNOWN;
    String message = NO_MESSAGE;
    try (JsonParser parser = JSON.createParser(bytes)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        return unreadable(from, bytes, timeMillis, "not a JSON object");
      }
      for (String key = parser.nextFieldName(); key != null; key = parser.nextFieldName()) {
        boolean text = parser.nextToken() == JsonToken.VALUE_STRING;
        if (text && key.equals("error_type")) {
          type = parser.getText();
        } else if (text && key.equals("error_message")) {
          message = parser.getText();
        } else {
          parser.skipChildren();
        }
      }
      return new InvalidEvent(from, type, message, timeMillis, null);
    } catch (IOException | RuntimeException e) {
      return unreadable(from, bytes, timeMillis, e.getClass().getSimpleName());
    }
  }

  private static InvalidEvent unreadable(
      String source, byte[] value, long timeMillis, String reason) {
    int kept = Math.min(value.length, MAX_RAW);
    return new InvalidEvent(
        source,
        Verdict.PROCESSING_ERROR,
        "Alert processing error: " + reason,
        timeMillis,
        new String(value, 0, kept, StandardCharsets.UTF_8));
  }

  /** What is counted together: topic and error type. */
  public String kind() {
    return source + "|" + errorType;
  }

  /** What is held back together: the broken rule; errors of parsing name places and are all one. */
  public String rule() {
    if (rawEvent != null) {
      return "unreadable";
    }
    return errorType.equals(Verdict.SCHEMA_VALIDATION_ERROR) ? errorMessage : "";
  }

  /** As the contract's severity, but an alert that cannot tell what is wrong is {@code LOW}. */
  public Severity severity() {
    return rawEvent == null ? Severity.of(errorType) : Severity.LOW;
  }
}
