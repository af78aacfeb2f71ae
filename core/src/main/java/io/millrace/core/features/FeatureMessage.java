package io.millrace.core.features;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.millrace.core.events.Event;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/**
 * The messages of {@code model.features.ready}: one JSON object with eleven fields for each event,
 * in this order: event_timestamp, user_id, product_id, user_session, event_type, category_code,
 * price, brand, category_code_level1, category_code_level2, processed_at. What an event does not
 * have is null.
 */
public final class FeatureMessage {
  private static final JsonFactory JSON = new JsonFactory();
  private static final DateTimeFormatter PROCESSED_AT =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSS").withZone(ZoneOffset.UTC);

  private FeatureMessage() {}

  /**
   * Writes a message.
   *
   * @param eventTimestamp the event's time as it was received, see {@link
   *     io.millrace.core.events.EventReader#eventTimeText}
   * @param processedAt written as ISO 8601 in UTC without a zone, to the microsecond
   */
  public static byte[] of(Event event, String eventTimestamp, Instant processedAt) {
    CategoryLevels levels = CategoryLevels.of(event.categoryCode());
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(512);
    try (JsonGenerator json = JSON.createGenerator(bytes)) {
      json.writeStartObject();
      json.writeStringField("event_timestamp", eventTimestamp);
      json.writeNumberField("user_id", event.userId());
      json.writeNumberField("product_id", event.productId());
      json.writeStringField("user_session", event.userSession());
      json.writeStringField("event_type", event.eventType().code());
      json.writeStringField("category_code", event.categoryCode());
      json.writeNumberField("price", event.price());
      json.writeStringField("brand", event.brand());
      json.writeStringField("category_code_level1", levels.level1());
      json.writeStringField("category_code_level2", levels.level2());
      json.writeStringField("processed_at", PROCESSED_AT.format(processedAt));
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException("A byte array cannot be written to", e);
    }
    return bytes.toByteArray();
  }
}
