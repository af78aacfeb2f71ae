package io.millrace.workers.config;

import io.millrace.activities.lake.EventWindow;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.List;

/**
 * What the warehouse takes.
 *
 * @param window the days of which it takes events; those of others go into quarantine
 */
public record WarehouseConfig(EventWindow window) {
  static final List<ConfigKey> KEYS =
      List.of(
          ConfigKey.optional(
              EventWindow.EARLIEST,
              EventWindow.DEFAULT.earliest().toString(),
              "first day of which events are loaded; earlier ones go into quarantine"),
          ConfigKey.optional(
              EventWindow.DAYS_AHEAD,
              Integer.toString(EventWindow.DEFAULT.daysAhead()),
              "days after today of which events are loaded; later ones go into quarantine"));

  public static WarehouseConfig from(Settings settings) {
    LocalDate earliest = date(settings.text(EventWindow.EARLIEST));
    int daysAhead = settings.integer(EventWindow.DAYS_AHEAD);
    try {
      return new WarehouseConfig(new EventWindow(earliest, daysAhead));
    } catch (IllegalArgumentException e) {
      throw new ConfigException(String.valueOf(e.getMessage()));
    }
  }

  private static LocalDate date(String text) {
    try {
      return LocalDate.parse(text);
    } catch (DateTimeException e) {
      throw new ConfigException(
          EventWindow.EARLIEST + " must be a date like 1995-01-01, but is '" + text + "'");
    }
  }
}
