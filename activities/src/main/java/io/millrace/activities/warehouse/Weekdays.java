package io.millrace.activities.warehouse;

import java.time.LocalDate;
import java.time.format.TextStyle;
import java.util.Locale;

/** English names of days, as the warehouse writes them. */
final class Weekdays {
  private Weekdays() {}

  /** For example Monday. */
  static String name(LocalDate day) {
    return day.getDayOfWeek().getDisplayName(TextStyle.FULL, Locale.ENGLISH);
  }
}
