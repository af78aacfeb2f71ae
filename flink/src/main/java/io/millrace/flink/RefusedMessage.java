package io.millrace.flink;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.millrace.core.events.StorableText;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What a job writes to its topic of refused messages: one JSON object with {@code error_message},
 * the beginning of the message as text in {@code raw_data}, and in {@code metadata} where the whole
 * of it stands and when it was refused.
 */
public final class RefusedMessage {
  /** So much of a message is kept: its whole stands in its topic. */
  private static final int KEPT_BYTES = 1 << 14;

  private static final int MAX_REASON = 2_000;
  private static final JsonFactory JSON = new JsonFactory();

  private RefusedMessage() {}

  /** Writes a message; never throws, whatever the bytes and the reason. */
  public static byte[] of(
      String topic,
      int partition,
      long offset,
      byte @Nullable [] value,
      String reason,
      Instant now) {
    byte[] bytes = value == null ? new byte[0] : value;
    int kept = Math.min(bytes.length, KEPT_BYTES);
    ByteArrayOutputStream out = new ByteArrayOutputStream(kept + 256);
    try (JsonGenerator json = JSON.createGenerator(out)) {
      json.writeStartObject();
      json.writeStringField("error_message", StorableText.of(reason, MAX_REASON));
      json.writeStringField("raw_data", new String(bytes, 0, kept, StandardCharsets.UTF_8));
      json.writeObjectFieldStart("metadata");
      json.writeStringField("topic", topic);
      json.writeNumberField("partition", partition);
      json.writeNumberField("offset", offset);
      json.writeStringField("processed_at", now.toString());
      json.writeEndObject();
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException("A byte array cannot be written to", e);
    }
    return out.toByteArray();
  }
}
