package io.millrace.activities.cdc;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.core.events.EventField;
import io.millrace.core.events.EventTime;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A raw message as a row of the table, whether or not the contract finds it good: what a column can
 * hold is for the validation to judge, behind Debezium. An absent field is null, except where null
 * would make a valid event of it.
 *
 * @param values in the order of {@link EventField}, as the columns' Java types
 */
record EventRow(List<@Nullable Object> values) {
  private static final ObjectMapper JSON = new ObjectMapper();

  EventRow {
    values = Collections.unmodifiableList(new ArrayList<>(values));
  }

  /** Reads a raw message; empty if no row of the table can hold it. */
  static Optional<EventRow> of(byte[] message) {
    JsonNode payload;
    try {
      payload = JSON.readTree(message).path("payload");
    } catch (IOException e) {
      return Optional.empty();
    }
    List<@Nullable Object> values = new ArrayList<>();
    for (EventField field : EventField.values()) {
      JsonNode value = payload.path(field.fieldName());
      boolean isNull = value.isNull() || value.isMissingNode();
      Object column = isNull ? null : column(field, value);
      // Without a time the table would take the present for it.
      boolean repaired = value.isMissingNode() && field.isNullable();
      if (column == null && (!isNull || repaired || field == EventField.EVENT_TIME)) {
        return Optional.empty();
      }
      values.add(column);
    }
    return Optional.of(new EventRow(values));
  }

  private static @Nullable Object column(EventField field, JsonNode value) {
    return switch (field) {
      case EVENT_TIME ->
          value.isTextual()
              ? EventTime.parse(value.textValue())
                  .map(time -> time.atOffset(java.time.ZoneOffset.UTC))
                  .orElse(null)
              : null;
      case PRODUCT_ID, CATEGORY_ID, USER_ID ->
          value.canConvertToLong() && value.isIntegralNumber() ? value.longValue() : null;
      case PRICE -> value.isNumber() ? value.doubleValue() : null;
      case EVENT_TYPE, CATEGORY_CODE, BRAND, USER_SESSION ->
          value.isTextual() && value.textValue().indexOf('\0') < 0 ? value.textValue() : null;
    };
  }
}
