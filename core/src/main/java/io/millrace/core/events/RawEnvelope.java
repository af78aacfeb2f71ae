package io.millrace.core.events;

import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The message that producers write to {@code tracking.raw_user_behavior}: {@code
 * {"schema":{"type":"struct","fields":[…]},"payload":{…}}}, the fields being those of the Avro
 * record {@code com.ecommerce.events.ECommerceEvent}.
 */
public final class RawEnvelope {
  private static final String SCHEMA =
      """
      {"type":"struct","fields":[\
      {"name":"event_time","type":"string"},\
      {"name":"event_type","type":"string"},\
      {"name":"product_id","type":"long"},\
      {"name":"category_id","type":"long"},\
      {"name":"category_code","type":["null","string"],"default":null},\
      {"name":"brand","type":["null","string"],"default":null},\
      {"name":"price","type":"double"},\
      {"name":"user_id","type":"long"},\
      {"name":"user_session","type":"string"}]}\
      """;

  /** What every raw message begins with: all of it up to the payload. */
  static final byte[] PREFIX =
      ("{\"schema\":" + SCHEMA + ",\"payload\":").getBytes(StandardCharsets.UTF_8);

  private static final Pattern INTEGER = Pattern.compile("-?(0|[1-9][0-9]{0,18})");
  private static final Pattern NUMBER =
      Pattern.compile("-?(0|[1-9][0-9]{0,99})(\\.[0-9]{1,99})?([eE][+-]?[0-9]{1,4})?");

  private RawEnvelope() {}

  /** Writes an event. A price that is no finite number becomes text, which the reader refuses. */
  public static byte[] of(Event event) {
    JsonBytes out = new JsonBytes(PREFIX.length + 384).raw(PREFIX);
    out.ascii("{\"event_time\":\"");
    EventTime.writeRaw(out, event.eventTime());
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

  /**
   * Writes a row as it stands in a CSV file, good or bad: a bad one is for the validation to
   * explain, not for the producer to drop.
   *
   * @param columns the texts in the order of {@link EventField#names}; null or empty is null. A
   *     text in a number's column that is no JSON number is written as text.
   * @throws IllegalArgumentException if there are more or fewer columns than fields
   */
  public static byte[] ofColumns(List<? extends @Nullable String> columns) {
    return ofColumns(columns, null);
  }

  /** Writes a row without one of its fields. */
  static byte[] ofColumns(List<? extends @Nullable String> columns, @Nullable EventField without) {
    int fields = EventField.names().size();
    if (columns.size() != fields) {
      throw new IllegalArgumentException(
          "A row has " + fields + " columns, but this one has " + columns.size());
    }
    Iterator<? extends @Nullable String> texts = columns.iterator();
    JsonBytes out = new JsonBytes(PREFIX.length + 384).raw(PREFIX);
    char before = '{';
    for (EventField field : EventField.values()) {
      String text = texts.next();
      if (field == without) {
        continue;
      }
      out.ascii(before).string(field.fieldName()).ascii(':');
      before = ',';
      if (text == null || text.isEmpty()) {
        out.string(null);
      } else if (isNumber(field, text)) {
        out.ascii(text);
      } else {
        out.string(text);
      }
    }
    return out.ascii("}}").toBytes();
  }

  private static boolean isNumber(EventField field, String text) {
    return switch (field) {
      case PRODUCT_ID, CATEGORY_ID, USER_ID -> INTEGER.matcher(text).matches();
      case PRICE -> NUMBER.matcher(text).matches();
      default -> false;
    };
  }
}
