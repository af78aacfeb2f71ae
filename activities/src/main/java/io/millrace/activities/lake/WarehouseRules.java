package io.millrace.activities.lake;

import io.millrace.core.events.Event;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import org.jspecify.annotations.Nullable;

/**
 * What the warehouse asks of a valid event beyond the event contract: it has to fit the tables, and
 * to lie in the window of dates.
 */
final class WarehouseRules {
  static final int MAX_TEXT = 255;
  static final double MAX_PRICE = 99_999_999.99;

  private final EventWindow window;
  private final LocalDate latest;
  private final Instant from;
  private final Instant end;

  /** The rules as of now. */
  WarehouseRules(EventWindow window, Instant now) {
    this.window = window;
    this.latest = window.latest(now);
    this.from = start(window.earliest());
    this.end = start(latest.plusDays(1));
  }

  private static Instant start(LocalDate day) {
    return day.atStartOfDay(ZoneOffset.UTC).toInstant();
  }

  /** The reason why the event cannot be stored; null if it can. */
  @Nullable String violation(Event event) {
    if (event.eventTime().isBefore(from) || !event.eventTime().isBefore(end)) {
      return "event_time %s is outside of %s to %s, the days that the settings %s=%s and %s=%d allow"
          .formatted(
              event.eventTime(),
              window.earliest(),
              latest,
              EventWindow.EARLIEST,
              window.earliest(),
              EventWindow.DAYS_AHEAD,
              window.daysAhead());
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
