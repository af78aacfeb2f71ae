package io.millrace.engine.schedule;

import java.time.DayOfWeek;
import java.time.Duration;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * A cron expression, read: bit n of a mask is set if the field may be n.
 *
 * @param daysOfWeek Sunday is bit 0
 */
record CronFields(long minutes, long hours, long daysOfMonth, long months, long daysOfWeek) {

  private static final Field MINUTE = new Field("minute", 0, 59, List.of(), 0);
  private static final Field HOUR = new Field("hour", 0, 23, List.of(), 0);
  private static final Field DAY_OF_MONTH = new Field("day of month", 1, 31, List.of(), 0);
  private static final Field MONTH =
      new Field(
          "month",
          1,
          12,
          List.of(
              "january",
              "february",
              "march",
              "april",
              "may",
              "june",
              "july",
              "august",
              "september",
              "october",
              "november",
              "december"),
          3);
  private static final Field DAY_OF_WEEK =
      new Field(
          "day of week",
          0,
          7,
          List.of("sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"),
          2);

  /** Reads five fields. */
  static CronFields parse(String cron) {
    String[] fields = cron.isBlank() ? new String[0] : cron.trim().split("\\s+");
    if (fields.length != 5) {
      throw new IllegalArgumentException(
          "cron '%s' has %d fields, it needs 5 (or a preset, as @hourly)"
              .formatted(cron, fields.length));
    }
    if (!fields[2].equals("*") && !fields[4].equals("*")) {
      throw new IllegalArgumentException(
          ("cron '%s' sets day of month and day of week; Temporal takes both together, cron either:"
                  + " set one, and add a second cron for the other")
              .formatted(cron));
    }
    long week = DAY_OF_WEEK.mask(cron, fields[4]);
    return new CronFields(
        MINUTE.mask(cron, fields[0]),
        HOUR.mask(cron, fields[1]),
        DAY_OF_MONTH.mask(cron, fields[2]),
        MONTH.mask(cron, fields[3]),
        week | week >> 7);
  }

  boolean matchesDate(LocalDate day) {
    return has(months, day.getMonthValue()) && has(daysOfMonth, day.getDayOfMonth());
  }

  boolean matchesWeekday(DayOfWeek weekday) {
    return has(daysOfWeek, weekday.getValue() % 7);
  }

  /** Whether a minute of a clock matches. */
  boolean matches(LocalDateTime local) {
    return matchesDate(local.toLocalDate())
        && matchesWeekday(local.getDayOfWeek())
        && hasHour(local.getHour())
        && has(minutes, local.getMinute());
  }

  boolean hasHour(int hour) {
    return has(hours, hour);
  }

  /** Whether it runs in every hour of every day. */
  boolean isEveryHour() {
    return hours == (1L << 24) - 1
        && daysOfMonth == (1L << 32) - 2
        && months == (1L << 13) - 2
        && (daysOfWeek & 127) == 127;
  }

  /**
   * One that runs in every hour, as fixed distances.
   *
   * @param past the part below an hour of the zone's offset, in seconds
   */
  List<TimeSpec> distances(int past) {
    List<Integer> all = minuteStream().boxed().toList();
    int step = 60 / all.size();
    boolean even =
        60 % all.size() == 0
            && all.stream().allMatch(minute -> Math.floorMod(minute - all.get(0), step) == 0);
    return (even ? all.subList(0, 1) : all)
        .stream().<TimeSpec>map(minute -> distance(even ? step : 60, minute, past)).toList();
  }

  private static TimeSpec.Every distance(int step, int minute, int past) {
    Duration interval = Duration.ofMinutes(step);
    long phase = Math.floorMod(minute * 60L - past, interval.toSeconds());
    return new TimeSpec.Every(interval, Duration.ofSeconds(phase));
  }

  /** The minutes that match. */
  IntStream minuteStream() {
    return IntStream.rangeClosed(0, 59).filter(minute -> has(minutes, minute));
  }

  private static boolean has(long mask, int bit) {
    return (mask >> bit & 1) == 1;
  }

  /**
   * What a field may hold.
   *
   * @param names its values' names in order, the first being {@code least}
   * @param shortest how many letters of a name are enough
   */
  private record Field(String name, int least, int most, List<String> names, int shortest) {

    long mask(String cron, String text) {
      long mask = 0;
      for (String part : text.split(",", -1)) {
        mask |= part(cron, part);
      }
      return mask;
    }

    private long part(String cron, String part) {
      String[] stepped = part.split("/", -1);
      String[] ends = stepped[0].split("-", -1);
      if (stepped.length > 2 || ends.length > 2) {
        throw malformed(cron, part);
      }
      int step = stepped.length == 1 ? 1 : number(cron, part, stepped[1]);
      if (step < 1) {
        throw malformed(cron, part);
      }
      boolean any = stepped[0].equals("*");
      int first = any ? least : value(cron, part, ends[0]);
      int last = any ? most : value(cron, part, ends[ends.length - 1]);
      if (stepped.length == 2 && !any && ends.length == 1) {
        last = most;
      }
      if (last < first) {
        throw malformed(cron, part);
      }
      long mask = 0;
      for (int value = first; value <= last; value += step) {
        mask |= 1L << value;
      }
      return mask;
    }

    private int value(String cron, String part, String text) {
      String word = text.toLowerCase(Locale.ROOT);
      if (shortest > 0 && word.length() >= shortest) {
        for (int index = 0; index < names.size(); index++) {
          if (names.get(index).startsWith(word)) {
            return least + index;
          }
        }
      }
      int value = number(cron, part, text);
      if (value < least || value > most) {
        throw malformed(cron, part);
      }
      return value;
    }

    private int number(String cron, String part, String text) {
      try {
        return Integer.parseInt(text);
      } catch (NumberFormatException e) {
        throw malformed(cron, part);
      }
    }

    private IllegalArgumentException malformed(String cron, String part) {
      return new IllegalArgumentException(
          "cron '%s': %s '%s' is not a number, range or step within %d-%d"
              .formatted(cron, name, part, least, most));
    }
  }
}
