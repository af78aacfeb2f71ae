package io.millrace.core.features;

import java.time.Instant;

/**
 * The day of the week of an event in UTC: 0 is Monday, 6 is Sunday. In SQL: {@code extract(isodow
 * from event_time at time zone 'UTC') - 1}.
 */
public final class EventWeekday {
  private static final long SECONDS_PER_DAY = 86_400;
  private static final int EPOCH_WEEKDAY = 3; // 1970-01-01 was a Thursday

  private EventWeekday() {}

  /** The weekday of an instant, 0 to 6. */
  public static int of(Instant time) {
    long day = Math.floorDiv(time.getEpochSecond(), SECONDS_PER_DAY);
    return (int) Math.floorMod(day + EPOCH_WEEKDAY, 7L);
  }
}
