package io.millrace.workflows.lake;

import io.millrace.engine.DataInterval;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * Some hours of the lake, which has a folder an hour: {@code year=2019/month=10/day=01/hour=05/} in
 * UTC, below the prefix.
 *
 * @param from start of the first hour
 * @param to end of the last hour, exclusive
 */
public record LakeHours(Instant from, Instant to) {
  /** The most hours that one run can load. */
  public static final int MAX = 400;

  private static final DateTimeFormatter FOLDER =
      DateTimeFormatter.ofPattern("'year='uuuu/'month='MM/'day='dd/'hour='HH/", Locale.ROOT)
          .withZone(ZoneOffset.UTC);
  private static final DateTimeFormatter MINUTE =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);

  /**
   * The hours that an interval is about: those that it overlaps, or the hour in which it lies if it
   * is a point in time.
   *
   * @throws IllegalArgumentException if there are more than {@link #MAX}
   */
  public static LakeHours of(DataInterval interval) {
    Instant from = interval.start().truncatedTo(ChronoUnit.HOURS);
    Instant last = interval.end().truncatedTo(ChronoUnit.HOURS);
    boolean open = last.isBefore(interval.end()) || last.equals(from);
    Instant to = open ? last.plus(1, ChronoUnit.HOURS) : last;
    long hours = Duration.between(from, to).toHours();
    if (hours > MAX) {
      throw new IllegalArgumentException(
          "A run loads at most %d hours of the lake, but its interval %s has %d; backfill it by the hour"
              .formatted(MAX, text(from, to), hours));
    }
    return new LakeHours(from, to);
  }

  /** The start of each hour. */
  public List<Instant> starts() {
    return Stream.iterate(from, hour -> hour.isBefore(to), hour -> hour.plus(1, ChronoUnit.HOURS))
        .toList();
  }

  /** The key of every object of an hour begins with this. */
  public static String folder(String prefix, Instant hour) {
    return prefix + FOLDER.format(hour);
  }

  /** The folder of each hour. */
  public List<String> folders(String prefix) {
    return starts().stream().map(hour -> folder(prefix, hour)).toList();
  }

  /** For example {@code 2019-10-01T00:00Z..2019-10-01T01:00Z}. */
  public String text() {
    return text(from, to);
  }

  private static String text(Instant from, Instant to) {
    return MINUTE.format(from) + ".." + MINUTE.format(to);
  }
}
