package io.millrace.engine.schedule;

import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** One rule of a {@link Timetable}: a cron expression or a fixed distance. */
public sealed interface TimeSpec {

  /**
   * A cron expression in the timetable's zone.
   *
   * <p>A local time that the clock skips has no run, one that comes twice has two. Fields are
   * {@code *}, numbers, names ({@code jan}, {@code mon}), ranges, steps and lists; Sunday is 0 or
   * 7.
   *
   * @param text minute, hour, day of month, month, day of week; or {@code @hourly}, {@code @daily},
   *     {@code @weekly} (Sunday), {@code @monthly}, {@code @yearly}
   */
  record Cron(String text) implements TimeSpec {

    private static final Map<String, String> PRESETS =
        Map.of(
            "@hourly", "0 * * * *",
            "@daily", "0 0 * * *",
            "@midnight", "0 0 * * *",
            "@weekly", "0 0 * * 0",
            "@monthly", "0 0 1 * *",
            "@yearly", "0 0 1 1 *",
            "@annually", "0 0 1 1 *");

    /** Refuses what is no cron expression, and one that sets both day fields. */
    public Cron {
      text = text.trim().replaceAll("\\s+", " ");
      CronFields.parse(PRESETS.getOrDefault(text, text));
    }

    CronFields fields() {
      return CronFields.parse(PRESETS.getOrDefault(text, text));
    }

    @Override
    public String toString() {
      return text;
    }
  }

  /**
   * A fixed distance, whatever the clock shows.
   *
   * @param interval whole seconds, counted from 1970-01-01T00:00Z
   * @param phase moves every time by so much; whole seconds, shorter than the interval
   */
  record Every(Duration interval, Duration phase) implements TimeSpec {

    private static final Pattern TEXT = Pattern.compile("@every (\\d+)s(?:/(\\d+)s)?");

    public Every {
      if (interval.compareTo(Duration.ofSeconds(1)) < 0 || interval.toNanosPart() != 0) {
        throw new IllegalArgumentException(
            "An interval must be whole seconds and at least one, but is " + interval);
      }
      if (phase.isNegative() || phase.compareTo(interval) >= 0 || phase.toNanosPart() != 0) {
        throw new IllegalArgumentException(
            "A phase must be whole seconds, from zero to below the interval %s, but is %s"
                .formatted(interval, phase));
      }
    }

    /** A distance that is counted from 1970-01-01T00:00Z. */
    public Every(Duration interval) {
      this(interval, Duration.ZERO);
    }

    private static Every parse(String text) {
      Matcher matcher = TEXT.matcher(text);
      if (!matcher.matches()) {
        throw new IllegalArgumentException(
            "'%s' is no interval; write seconds, as '@every 900s' or '@every 900s/60s'"
                .formatted(text));
      }
      try {
        String phase = matcher.group(2) == null ? "0" : matcher.group(2);
        return new Every(
            Duration.parse("PT%sS".formatted(matcher.group(1))),
            Duration.parse("PT%sS".formatted(phase)));
      } catch (DateTimeParseException e) {
        throw new IllegalArgumentException("'%s' is no interval: too long".formatted(text), e);
      }
    }

    @Override
    public String toString() {
      return phase.isZero()
          ? "@every %ds".formatted(interval.toSeconds())
          : "@every %ds/%ds".formatted(interval.toSeconds(), phase.toSeconds());
    }
  }

  /**
   * Reads a rule.
   *
   * @param text a cron expression, a preset, or {@code @every 900s/60s}: interval and phase
   * @throws IllegalArgumentException if it is none of these
   */
  static TimeSpec parse(String text) {
    String trimmed = text.trim();
    return trimmed.startsWith("@every") ? Every.parse(trimmed) : new Cron(trimmed);
  }
}
