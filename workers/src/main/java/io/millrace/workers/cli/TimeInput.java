package io.millrace.workers.cli;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;

/** A time as people type it: a day, a local time, or a time with its offset. */
final class TimeInput {

  private TimeInput() {}

  /** The begin of a range: a day begins at its midnight. */
  static Instant from(String option, String text, ZoneId zone) {
    return read(option, text, zone, false);
  }

  /** The end of a range: a day ends with its last second. */
  static Instant to(String option, String text, ZoneId zone) {
    return read(option, text, zone, true);
  }

  private static Instant read(String option, String text, ZoneId zone, boolean end) {
    try {
      if (text.matches("\\d{4}-\\d{2}-\\d{2}")) {
        LocalDate day = LocalDate.parse(text);
        return end
            ? day.plusDays(1).atStartOfDay(zone).toInstant().minusSeconds(1)
            : day.atStartOfDay(zone).toInstant();
      }
      return text.matches(".*(Z|[+-]\\d{2}:\\d{2})")
          ? OffsetDateTime.parse(text).toInstant()
          : LocalDateTime.parse(text).atZone(zone).toInstant();
    } catch (DateTimeException e) {
      throw CommandFailure.usage(
          "%s '%s' is no time; write 2026-03-01, 2026-03-01T06:00:00 (%s) or 2026-03-01T06:00:00Z"
              .formatted(option, text, zone));
    }
  }
}
