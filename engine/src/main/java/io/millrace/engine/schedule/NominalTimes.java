package io.millrace.engine.schedule;

import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneRules;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** The times of one rule, without the bounds of its timetable. */
sealed interface NominalTimes {

  /** The server knows no calendar time before. */
  Instant FIRST = Instant.parse("1999-12-31T00:00:00Z");

  /** Nor after. */
  int LAST_YEAR = 2100;

  /** The first time after this one. */
  Optional<Instant> next(Instant after);

  /**
   * The times of a rule in a zone.
   *
   * <p>A cron that runs in every hour of every day needs no zone, only its offset's minutes, so it
   * is a number of fixed distances. That also spares it the server's trouble with the hour that
   * comes twice (see {@link Days}): as a cron it would lose a run there.
   */
  static List<NominalTimes> of(TimeSpec spec, ZoneId zone) {
    return plain(spec, zone).stream().map(rule -> ofPlain(rule, zone)).toList();
  }

  /** The rule as the server is given it. */
  static List<TimeSpec> plain(TimeSpec spec, ZoneId zone) {
    if (spec instanceof TimeSpec.Cron cron && cron.fields().isEveryHour()) {
      OptionalInt past = secondsPastTheHour(zone);
      if (!isFixed(zone) && past.isPresent()) {
        return cron.fields().distances(past.getAsInt());
      }
    }
    return List.of(spec);
  }

  private static NominalTimes ofPlain(TimeSpec spec, ZoneId zone) {
    return spec instanceof TimeSpec.Every every
        ? new Steps(every.interval().toSeconds(), every.phase().toSeconds())
        : new Days(((TimeSpec.Cron) spec).fields(), zone);
  }

  /** Whether the zone's clock never changes in the server's calendar. */
  static boolean isFixed(ZoneId zone) {
    return zone.getRules().nextTransition(FIRST) == null;
  }

  /** The offset's part below an hour, if it is always the same. */
  private static OptionalInt secondsPastTheHour(ZoneId zone) {
    ZoneRules rules = zone.getRules();
    int past = Math.floorMod(rules.getOffset(FIRST).getTotalSeconds(), 3600);
    for (ZoneOffsetTransition change = rules.nextTransition(FIRST);
        change != null && change.getDateTimeBefore().getYear() <= LAST_YEAR;
        change = rules.nextTransition(change.getInstant())) {
      if (Math.floorMod(change.getOffsetAfter().getTotalSeconds(), 3600) != past) {
        return OptionalInt.empty();
      }
    }
    return OptionalInt.of(past);
  }

  /** Times at a fixed distance. */
  record Steps(long interval, long phase) implements NominalTimes {

    @Override
    public Optional<Instant> next(Instant after) {
      return Optional.of(at(Math.floorDiv(after.getEpochSecond() - phase, interval) + 1));
    }

    /** The last time before this one. */
    Instant previous(Instant before) {
      Instant last = at(Math.floorDiv(before.getEpochSecond() - phase, interval));
      return last.isBefore(before) ? last : last.minusSeconds(interval);
    }

    private Instant at(long step) {
      return Instant.ofEpochSecond(step * interval + phase);
    }
  }

  /**
   * Times of a cron, as the server finds them.
   *
   * <p>A local time that the clock skips has no run. Of the hour that comes twice Temporal's
   * documents say that it runs twice. The server does that west of Greenwich. East of it, it takes
   * the second one for the only one and the hour before for the one that comes twice: in Berlin on
   * 2026-10-25 a cron of 02:30 runs once, at the second 02:30, and one of 01:30 also at the first
   * 02:30. We follow the server to the second, lest intervals and backfills speak of other runs.
   */
  record Days(CronFields cron, ZoneId zone) implements NominalTimes {

    private static final Duration HOUR = Duration.ofHours(1);

    @Override
    public Optional<Instant> next(Instant after) {
      LocalDateTime local = LocalDateTime.ofInstant(after, zone.getRules().getOffset(after));
      LocalDate day = local.toLocalDate();
      int hour = local.getHour();
      int minute = local.getMinute() + 1;
      boolean again = hourOf(after.minus(HOUR)) == hour;
      boolean arrived = true;
      while (day.getYear() <= LAST_YEAR) {
        if (hour == 24 || (arrived && !matchesDay(day, hour))) {
          day = day.plusDays(1);
          hour = 0;
          minute = 0;
          again = false;
          arrived = true;
          continue;
        }
        arrived = cron.hasHour(hour);
        if (arrived) {
          Optional<Instant> found = within(day, hour, minute, again);
          if (found.isPresent()) {
            return found;
          }
        }
        again = arrived && !again && comesTwice(day, hour);
        hour = again ? hour : hour + 1;
        minute = 0;
      }
      return Optional.empty();
    }

    /**
     * The server takes the day of the week from the instant: where midnight does not exist it may
     * see the day before. It looks when it comes to a day, and after an hour in which it ran.
     */
    private boolean matchesDay(LocalDate day, int hour) {
      DayOfWeek weekday = instantOf(day.atTime(hour, 0)).atZone(zone).getDayOfWeek();
      return cron.matchesDate(day) && cron.matchesWeekday(weekday);
    }

    /** The first time of an hour, from a minute on. */
    private Optional<Instant> within(LocalDate day, int hour, int from, boolean again) {
      OptionalInt minute = cron.minuteStream().filter(any -> any >= from).findFirst();
      if (minute.isEmpty()) {
        return Optional.empty();
      }
      Instant time = instantOf(day.atTime(hour, minute.getAsInt()));
      return hourOf(time) == hour ? Optional.of(again ? time.plus(HOUR) : time) : Optional.empty();
    }

    private boolean comesTwice(LocalDate day, int hour) {
      LocalDateTime start = day.atTime(hour, 0);
      Instant end = instantOf(start.plusHours(1));
      return Duration.between(instantOf(start), end).compareTo(HOUR) > 0;
    }

    private int hourOf(Instant time) {
      return time.atZone(zone).getHour();
    }

    /**
     * Go's choice where a local time has two instants or none, which the server's calendar rests
     * on: the offset that holds at that time, had the local time been UTC, corrected once.
     */
    private Instant instantOf(LocalDateTime local) {
      ZoneRules rules = zone.getRules();
      Instant asUtc = local.toInstant(ZoneOffset.UTC);
      Instant guess = local.toInstant(rules.getOffset(asUtc));
      return local.toInstant(rules.getOffset(guess));
    }
  }
}
