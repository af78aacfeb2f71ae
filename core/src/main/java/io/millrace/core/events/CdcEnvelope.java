package io.millrace.core.events;

import java.nio.charset.StandardCharsets;

/**
 * The message that Debezium writes for a row of {@code public.events} once ExtractNewRecordState
 * has flattened it and the JSON converter has added its schema: topic {@code
 * tracking_postgres_cdc.public.events}. For replays and tests without a Debezium.
 */
public final class CdcEnvelope {
  private static final byte[] PREFIX =
      """
      {"schema":{"type":"struct","fields":[\
      {"type":"string","optional":false,"name":"io.debezium.time.ZonedTimestamp",\
      "version":1,"field":"event_time"},\
      {"type":"string","optional":true,"field":"event_type"},\
      {"type":"int64","optional":true,"field":"product_id"},\
      {"type":"int64","optional":true,"field":"category_id"},\
      {"type":"string","optional":true,"field":"category_code"},\
      {"type":"string","optional":true,"field":"brand"},\
      {"type":"double","optional":true,"field":"price"},\
      {"type":"int64","optional":true,"field":"user_id"},\
      {"type":"string","optional":true,"field":"user_session"}],\
      "optional":false,"name":"tracking_postgres_cdc.public.events.Value"},"payload":\
      """
          .getBytes(StandardCharsets.UTF_8);

  private CdcEnvelope() {}

  /** Writes an event as Debezium would. */
  public static byte[] of(Event event) {
    JsonBytes out = new JsonBytes(PREFIX.length + 384).raw(PREFIX);
    out.ascii("{\"event_time\":\"");
    EventTime.writeIsoInstant(out, event.eventTime());
    out.ascii("\",\"event_type\":\"").ascii(event.eventType().code());
    out.ascii("\",\"product_id\":").number(event.productId());
    out.ascii(",\"category_id\":").number(event.categoryId());
    out.ascii(",\"category_code\":").string(event.categoryCode());
    out.ascii(",\"brand\":").string(event.brand());
    out.ascii(",\"price\":").number(event.price());
    out.ascii(",\"user_id\":").number(event.userId());
    out.ascii(",\"user_session\":").string(event.userSession());
    return out.ascii("}}").toBytes();
  }
}
