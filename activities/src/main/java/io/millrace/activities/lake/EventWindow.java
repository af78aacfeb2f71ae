package io.millrace.activities.lake;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;

/**
 * The UTC days of which the warehouse takes events. An event of any other day, valid as it is, goes
 * into quarantine: each month of which there is an event costs partitions, so that a stray date
 * must not make one, and the operator says which dates are none.
 *
 * @param earliest the first day
 * @param daysAhead how many days after today the last day is: clocks of producers may be ahead
 */
public record EventWindow(LocalDate earliest, int daysAhead) {
  /** The setting of {@link #earliest}. */
  public static final String EARLIEST = "warehouse.earliest-date";

  /** The setting of {@link #daysAhead}. */
  public static final String DAYS_AHEAD = "warehouse.days-ahead";

  private static final LocalDate FIRST = LocalDate.of(1900, 1, 1);
  private static final int MAX_AHEAD = 3_660;

  /** From 1995, when shops opened on the Web, to the day after tomorrow. */
  public static final EventWindow DEFAULT = new EventWindow(LocalDate.of(1995, 1, 1), 2);

  /**
   * Checks that a partition a month is few enough partitions.
   *
   * @throws IllegalArgumentException naming the setting, its value and what is allowed
   */
  public EventWindow {
    if (earliest.isBefore(FIRST) || earliest.getYear() > 9999) {
      throw new IllegalArgumentException(
          "%s must be a date from %s to 9999-12-31, but is '%s'"
              .formatted(EARLIEST, FIRST, earliest));
    }
    if (daysAhead < 0 || daysAhead > MAX_AHEAD) {
      throw new IllegalArgumentException(
          "%s must be between 0 and %d, but is '%d'".formatted(DAYS_AHEAD, MAX_AHEAD, daysAhead));
    }
  }

  /** The last day, as of now. */
  LocalDate latest(Instant now) {
    return LocalDate.ofInstant(now, ZoneOffset.UTC).plusDays(daysAhead);
  }
}
