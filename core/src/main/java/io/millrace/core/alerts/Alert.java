package io.millrace.core.alerts;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A message of {@code tracking.user_behavior.alerts}: JSON with {@code timestamp}, {@code
 * error_type}, {@code error_message}, {@code severity}, {@code kind}, {@code source}, {@code
 * count}, {@code baseline}, and {@code raw_event} where there is one.
 *
 * @param timestamp when the message that raised it was written
 * @param kind whether one message is the reason or their number
 * @param errorType of the messages
 * @param errorMessage what is wrong
 * @param severity how much it matters
 * @param source topic of the messages
 * @param count messages that it stands for: of {@link Kind#EVENT} this one and those held back
 *     since the alert before, of {@link Kind#RATE} those in the window so far
 * @param baseline messages that a window had before, in the mean; 0 for {@link Kind#EVENT}
 * @param rawEvent the beginning of a message that could not be read; else null
 */
public record Alert(
    Instant timestamp,
    Kind kind,
    String errorType,
    String errorMessage,
    Severity severity,
    String source,
    long count,
    double baseline,
    @Nullable String rawEvent) {
  private static final JsonFactory JSON = new JsonFactory();

  /** What an alert is about. */
  public enum Kind {
    /** One invalid message, of a rule that was not broken a moment ago. */
    EVENT,
    /** More of them in a window than there used to be. */
    RATE
  }

  /** The alert for one message. */
  public static Alert of(InvalidEvent event, long heldBack) {
    return new Alert(
        Instant.ofEpochMilli(event.timeMillis()),
        Kind.EVENT,
        event.errorType(),
        event.errorMessage(),
        event.severity(),
        event.source(),
        heldBack + 1,
        0,
        event.rawEvent());
  }

  /** The alert for a window that has too many. */
  public static Alert of(InvalidEvent event, RateWindow window, AlertRules rules) {
    return new Alert(
        Instant.ofEpochMilli(event.timeMillis()),
        Kind.RATE,
        event.errorType(),
        String.format(
            Locale.ROOT,
            "%d invalid messages within %d s, usually %.1f; last: %s",
            window.count(),
            rules.window().toSeconds(),
            window.baseline(),
            event.errorMessage()),
        Severity.HIGH,
        event.source(),
        window.count(),
        window.baseline(),
        null);
  }

  /** What the topic is keyed by: alerts about the same stay in order. */
  public String key() {
    return source + "|" + errorType;
  }

  /** One line of JSON. */
  public byte[] toJson() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(256);
    try (JsonGenerator out = JSON.createGenerator(bytes)) {
      out.writeStartObject();
      out.writeStringField("timestamp", timestamp.toString());
      out.writeStringField("error_type", errorType);
      out.writeStringField("error_message", errorMessage);
      out.writeStringField("severity", severity.name());
      out.writeStringField("kind", kind.name());
      out.writeStringField("source", source);
      out.writeNumberField("count", count);
      out.writeNumberField("baseline", baseline);
      if (rawEvent != null) {
        out.writeStringField("raw_event", rawEvent);
      }
      out.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException("Writing to memory cannot fail", e);
    }
    return bytes.toByteArray();
  }

  /**
   * Reads what {@link #toJson} wrote; empty if it is no alert. Keys that it does not know it skips.
   */
  public static Optional<Alert> parse(byte @Nullable [] json) {
    Map<String, String> texts = new HashMap<>();
    try (JsonParser parser = JSON.createParser(json == null ? new byte[0] : json)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        return Optional.empty();
      }
      for (String key = parser.nextFieldName(); key != null; key = parser.nextFieldName()) {
        if (parser.nextToken().isScalarValue()) {
          texts.put(key, parser.getText());
        } else {
          parser.skipChildren();
        }
      }
      return Optional.of(
          new Alert(
              Instant.parse(texts.getOrDefault("timestamp", "")),
              Kind.valueOf(texts.getOrDefault("kind", Kind.EVENT.name())),
              texts.getOrDefault("error_type", InvalidEvent.UNKNOWN),
              texts.getOrDefault("error_message", InvalidEvent.NO_MESSAGE),
              Severity.valueOf(texts.getOrDefault("severity", "")),
              texts.getOrDefault("source", InvalidEvent.UNKNOWN),
              Long.parseLong(texts.getOrDefault("count", "1")),
              Double.parseDouble(texts.getOrDefault("baseline", "0")),
              texts.get("raw_event")));
    } catch (IOException | IllegalArgumentException | DateTimeException e) {
      return Optional.empty();
    }
  }
}
