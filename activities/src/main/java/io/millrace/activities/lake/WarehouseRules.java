package io.millrace.activities.lake;

import io.millrace.core.events.Event;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What the warehouse asks of a valid event beyond the event contract: it has to fit the tables, and
 * one wild time stamp must not make a partition of its own.
 */
final class WarehouseRules {
  static final int MAX_TEXT = 255;
  static final double MAX_PRICE = 99_999_999.99;
  static final Instant EARLIEST = Instant.parse("2000-01-01T00:00:00Z");
  static final Instant END = Instant.parse("2100-01-01T00:00:00Z");

  private WarehouseRules() {}

  /** The reason why the event cannot be stored; null if it can. */
  static @Nullable String violation(Event event) {
    if (event.eventTime().isBefore(EARLIEST) || !event.eventTime().isBefore(END)) {
      return "event_time must be in the years 2000 to 2099, but is " + event.eventTime();
    }
    if (event.price() > MAX_PRICE) {
      return "price must be at most 99999999.99, but is " + event.price();
    }
    if (isLong(event.userSession())) {
      return tooLong("user_session", event.userSession());
    }
    if (isLong(event.brand())) {
      return tooLong("brand", event.brand());
    }
    if (isLong(event.categoryCode())) {
      return tooLong("category_code", event.categoryCode());
    }
    return null;
  }

  private static boolean isLong(@Nullable String text) {
    return text != null && text.length() > MAX_TEXT;
  }

  private static String tooLong(String field, @Nullable String text) {
    return "%s must have at most %d characters, but has %d"
        .formatted(field, MAX_TEXT, text == null ? 0 : text.length());
  }
}
