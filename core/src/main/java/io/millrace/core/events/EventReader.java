package io.millrace.core.events;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Reads and judges event messages, in one streaming pass and without a tree.
 *
 * <p>It reads a JSON object with a {@code payload}: the producers' raw envelope, Debezium's
 * flattened one with or without a schema, and our own validated or invalid envelope. An object
 * without a payload that has fields of the contract at its top level, as Debezium writes it when
 * its schemas are off, is read as the payload itself. Any schema is skipped: {@link EventField}
 * alone decides.
 *
 * <p>Of a key that stands twice the last one counts, in the message as in the payload; PostgreSQL's
 * jsonb, Python and Jackson read it the same way, so that no two stages see different events.
 *
 * <p>It never throws, whatever the bytes: broken or truncated JSON, bytes that are not UTF-8, a
 * byte order mark, nesting deeper than {@value #MAX_DEPTH}, more than {@value #MAX_BYTES} bytes,
 * text after the end, no bytes at all and no value (a Kafka tombstone) are {@link
 * Verdict.Unreadable} with a reason.
 *
 * <p>A reader can be used for any number of messages, but only by one thread at a time.
 */
public final class EventReader {
  /** Longer messages of producers are not looked into. */
  public static final int MAX_BYTES = 1 << 20;

  /**
   * Longer messages of {@link OutputEnvelope#valid} are not looked into: a valid message of the
   * largest size stays one in its envelope.
   */
  public static final int MAX_VALIDATED_BYTES = MAX_BYTES + OutputEnvelope.MAX_ADDED;

  /** A Debezium envelope with its schema is five deep. */
  public static final int MAX_DEPTH = 64;

  private static final JsonFactory JSON =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(MAX_DEPTH)
                  .maxStringLength(MAX_BYTES)
                  .maxNameLength(1_000)
                  .build())
          // Strangers choose the keys: they must not fill the JVM's table of interned strings.
          .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
          .build();

  private final int maxBytes;
  private final Utf8 utf8 = new Utf8();
  private final EventFields fields;
  private final PlainPayload plain;
  private final EnvelopePrefixCache prefixes = new EnvelopePrefixCache();
  private int payloadStart;

  /** Reads what producers write, where {@link UnavailableValue#STANDARD} is no value. */
  public EventReader() {
    this(UnavailableValue.STANDARD);
  }

  /** Reads what producers write, where a placeholder is no value. */
  public EventReader(UnavailableValue unavailable) {
    this(MAX_BYTES, unavailable);
  }

  private EventReader(int maxBytes, UnavailableValue unavailable) {
    this.maxBytes = maxBytes;
    fields = new EventFields(unavailable);
    plain = new PlainPayload(fields);
  }

  /** Reads what {@link OutputEnvelope#valid} has written, in every stage behind the validation. */
  public static EventReader ofValidated() {
    return ofValidated(UnavailableValue.STANDARD);
  }

  /** The same, where a placeholder is no value. */
  public static EventReader ofValidated(UnavailableValue unavailable) {
    return new EventReader(MAX_VALIDATED_BYTES, unavailable);
  }

  /**
   * Reads one message.
   *
   * @param value the message's bytes; null for a message without a value
   */
  public Verdict read(byte @Nullable [] value) {
    if (value == null || value.length == 0) {
      return unreadable("message is empty");
    }
    if (value.length > maxBytes) {
      return unreadable("message has " + value.length + " bytes, at most " + maxBytes);
    }
    int payload = prefixes.end(value);
    if (payload > 0 && plain.read(value, payload)) {
      return fields.judge();
    }
    if (!utf8.isValid(value)) {
      return unreadable("message is not UTF-8");
    }
    // Jackson would guess UTF-16 or UTF-32 from these; the splicing of envelopes would not.
    if (value[0] == 0 || (value.length > 1 && value[1] == 0) || value[0] == (byte) 0xEF) {
      return unreadable("message does not begin like JSON in UTF-8");
    }
    if (payload > 0 && !plain.isCutOff()) {
      prefixes.shorten(value, payload);
      Verdict verdict = parse(prefixes.document(), prefixes.length());
      // What went wrong, and where, is told from the whole message.
      return verdict instanceof Verdict.Unreadable ? parse(value, value.length) : verdict;
    }
    Verdict verdict = parse(value, value.length);
    if (verdict instanceof Verdict.Valid && payloadStart > 0) {
      prefixes.learn(value, payloadStart);
    }
    return verdict;
  }

  /**
   * The time of the event read last, as its message has it: {@code 2019-10-01 00:00:00 UTC}. Only
   * after {@link #read} found a {@link Verdict.Valid}.
   */
  public String eventTimeText() {
    return fields.timeText();
  }

  private Verdict parse(byte[] document, int length) {
    payloadStart = 0;
    try (JsonParser parser = JSON.createParser(document, 0, length)) {
      return read(parser);
    } catch (JsonProcessingException e) {
      JsonLocation place = e.getLocation();
      String message = String.valueOf(e.getOriginalMessage());
      return unreadable(
          place == null ? message : message + " (byte " + place.getByteOffset() + ")");
    } catch (IOException | RuntimeException e) {
      // A message must never stop the stream, not even through a fault in the parser.
      return unreadable(e.getClass().getSimpleName() + ": " + e.getMessage());
    }
  }

  private Verdict read(JsonParser parser) throws IOException {
    if (parser.nextToken() != JsonToken.START_OBJECT) {
      return unreadable("message is not a JSON object");
    }
    fields.clear();
    JsonToken payload = null;
    for (String key = parser.nextFieldName(); key != null; key = parser.nextFieldName()) {
      JsonToken value = parser.nextToken();
      if (key.equals("payload")) {
        if (payload == null) {
          payloadStart = (int) parser.currentTokenLocation().getByteOffset();
        }
        payload = value;
        fields.clear();
        readPayload(parser, value);
      } else if (payload == null) {
        fields.read(key, value, parser);
      } else {
        parser.skipChildren();
      }
    }
    if (parser.nextToken() != null) {
      return unreadable("text after the end of the message");
    }
    if (payload == null && fields.isEmpty()) {
      return unreadable("message has no payload");
    }
    if (payload != null && payload != JsonToken.START_OBJECT) {
      return unreadable("payload is not an object");
    }
    return fields.judge();
  }

  private void readPayload(JsonParser parser, JsonToken value) throws IOException {
    if (value != JsonToken.START_OBJECT) {
      parser.skipChildren();
      return;
    }
    for (String key = parser.nextFieldName(); key != null; key = parser.nextFieldName()) {
      fields.read(key, parser.nextToken(), parser);
    }
  }

  private static Verdict unreadable(String reason) {
    return new Verdict.Unreadable("Processing error: " + reason);
  }
}
