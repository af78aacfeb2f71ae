package io.millrace.activities.cdc;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.millrace.core.events.EventField;
import io.millrace.core.events.EventTime;
import io.millrace.core.events.StorableText;
import java.io.IOException;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
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
  private static final ObjectReader JSON =
      JsonMapper.builder().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build().reader();

  EventRow {
    values = Collections.unmodifiableList(new ArrayList<>(values));
  }

  /** No row can hold the message; the message of this says why. */
  static final class NoRowException extends Exception {
    private static final long serialVersionUID = 1L;

    NoRowException(String message) {
      super(message);
    }

    String reason() {
      return String.valueOf(getMessage());
    }
  }

  /** Reads a raw message. */
  static EventRow of(byte[] message) throws NoRowException {
    JsonNode payload = payload(message);
    List<@Nullable Object> values = new ArrayList<>();
    for (EventField field : EventField.values()) {
      values.add(column(field, payload.path(field.fieldName())));
    }
    return new EventRow(values);
  }

  private static JsonNode payload(byte[] message) throws NoRowException {
    try {
      JsonNode payload = JSON.readTree(message).path("payload");
      if (payload.isObject()) {
        return payload;
      }
      throw new NoRowException("it has no payload");
    } catch (JsonProcessingException e) {
      throw new NoRowException("it is not JSON: " + e.getOriginalMessage());
    } catch (IOException e) {
      throw new NoRowException("it is not JSON in UTF-8");
    }
  }

  private static @Nullable Object column(EventField field, JsonNode value) throws NoRowException {
    if (value.isMissingNode() && field.isNullable()) {
      throw new NoRowException(
          field.fieldName() + " is missing, and null in its place would make a valid event");
    }
    if (value.isNull() || value.isMissingNode()) {
      if (field == EventField.EVENT_TIME) {
        throw new NoRowException("event_time is null, and the table would take the present for it");
      }
      return null;
    }
    return switch (field) {
      case EVENT_TIME -> time(value);
      case PRODUCT_ID, CATEGORY_ID, USER_ID -> {
        require(value.isIntegralNumber() && value.canConvertToLong(), field, "a 64-bit integer");
        yield value.longValue();
      }
      case PRICE -> {
        require(value.isNumber(), field, "a number");
        yield value.doubleValue();
      }
      case EVENT_TYPE, CATEGORY_CODE, BRAND, USER_SESSION -> {
        require(
            value.isTextual() && StorableText.isStorable(value.textValue()),
            field,
            "text without NUL and unpaired surrogates");
        yield value.textValue();
      }
    };
  }

  private static OffsetDateTime time(JsonNode value) throws NoRowException {
    return Optional.ofNullable(value.textValue())
        .flatMap(EventTime::parse)
        .map(time -> time.atOffset(ZoneOffset.UTC))
        .orElseThrow(() -> new NoRowException("event_time is no time with a zone"));
  }

  private static void require(boolean holds, EventField field, String what) throws NoRowException {
    if (!holds) {
      throw new NoRowException("%s is not %s".formatted(field.fieldName(), what));
    }
  }
}
