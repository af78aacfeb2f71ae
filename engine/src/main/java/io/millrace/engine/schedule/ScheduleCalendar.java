package io.millrace.engine.schedule;

import java.time.Duration;
import java.time.Instant;
import java.time.zone.ZoneOffsetTransition;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The nominal times of a {@link Timetable}, computed without a server and equal to the server's:
 * the tests compare them with {@code ListScheduleMatchingTimes}.
 *
 * <p>Pure and deterministic, so that workflows may use it. Times are whole seconds between the
 * years 2000 and 2100.
 */
public final class ScheduleCalendar {

  /**
   * Around a clock change the server's next time depends on the last one, so that a walk must begin
   * well before the first time that is asked for, and not at a change.
   */
  private static final Duration SETTLED = Duration.ofDays(2);

  private static final Duration NEAR_CHANGE = Duration.ofHours(6);

  private static final List<Duration> LOOK_BACK =
      List.of(SETTLED, Duration.ofDays(40), Duration.ofDays(400), Duration.ofDays(9 * 366));

  private static final Instant NEW_YEAR = Instant.parse("2026-01-01T00:00:00Z");

  /** The months from these days on hold the clock changes of north and south. */
  private static final List<Instant> SAMPLES =
      List.of(Instant.parse("2026-03-07T00:00:00Z"), Instant.parse("2026-10-20T00:00:00Z"));

  private static final Duration MONTH = Duration.ofDays(30);
  private static final Duration LEAP_YEARS = Duration.ofDays(9 * 366);

  private final Timetable timetable;
  private final List<NominalTimes> rules;

  ScheduleCalendar(Timetable timetable) {
    this.timetable = timetable;
    this.rules =
        timetable.specs().stream()
            .flatMap(spec -> NominalTimes.of(spec, timetable.zone()).stream())
            .toList();
  }

  /** The first nominal time after this one, within the timetable's start and end. */
  public Optional<Instant> next(Instant after) {
    Instant start = timetable.startAt();
    return following(start != null && after.isBefore(start) ? start.minusNanos(1) : after)
        .filter(this::isWithinBounds);
  }

  /**
   * The last time before this one that the rules give. The timetable's start does not bound it: the
   * interval of the first run is as long as any.
   */
  public Optional<Instant> previous(Instant before) {
    if (rules.stream().allMatch(NominalTimes.Steps.class::isInstance)) {
      return rules.stream()
          .map(rule -> ((NominalTimes.Steps) rule).previous(before))
          .max(Instant::compareTo);
    }
    for (Duration back : LOOK_BACK) {
      Optional<Instant> last = lastOf(settled(before.minus(back)), before);
      if (last.isPresent()) {
        return last;
      }
    }
    return Optional.empty();
  }

  /** This time, or an earlier one if a clock change is near. */
  private Instant settled(Instant time) {
    ZoneOffsetTransition change =
        timetable.zone().getRules().previousTransition(time.plus(NEAR_CHANGE));
    return change != null && change.getInstant().isAfter(time.minus(NEAR_CHANGE))
        ? time.minus(NEAR_CHANGE.multipliedBy(2))
        : time;
  }

  private Optional<Instant> lastOf(Instant from, Instant before) {
    Optional<Instant> last = Optional.empty();
    Optional<Instant> time =
        following(from.isBefore(NominalTimes.FIRST) ? NominalTimes.FIRST : from);
    while (time.isPresent() && time.get().isBefore(before)) {
      last = time;
      time = following(time.get());
    }
    return last;
  }

  private Optional<Instant> following(Instant time) {
    return rules.stream().flatMap(rule -> rule.next(time).stream()).min(Instant::compareTo);
  }

  /** The last time that the rules give, this one or before; bounds are as in {@link #previous}. */
  public Optional<Instant> atOrBefore(Instant time) {
    return previous(time.plusNanos(1));
  }

  /**
   * The nominal times from one to another, both included, in order.
   *
   * @param most the most that are expected
   * @throws IllegalArgumentException if there are more
   */
  public List<Instant> between(Instant from, Instant to, int most) {
    Instant start = timetable.startAt();
    Instant first = start != null && start.isAfter(from) ? start : from;
    List<Instant> times = new ArrayList<>();
    Optional<Instant> time = next(settled(first.minus(SETTLED)));
    while (time.isPresent() && !time.get().isAfter(to)) {
      if (!time.get().isBefore(first)) {
        times.add(time.get());
      }
      if (times.size() > most) {
        throw new IllegalArgumentException(
            "'%s' has more than %d times from %s to %s; take a shorter range"
                .formatted(timetable.rules(), most, from, to));
      }
      time = next(time.get());
    }
    return List.copyOf(times);
  }

  /**
   * What span of time a run is about. The one rule: a run belongs to the last nominal time that is
   * not after it. For {@link DataIntervalKind#BEFORE} the interval reaches from the nominal time
   * before that one up to it; for {@link DataIntervalKind#POINT} it is the run's own time.
   *
   * @param at the nominal time, or the start of a run that has none
   */
  public Span interval(Instant at) {
    if (timetable.interval() == DataIntervalKind.POINT) {
      return new Span(at, at);
    }
    Instant end = atOrBefore(at).orElse(at);
    return new Span(previous(end).orElse(end), end);
  }

  /**
   * A span of time.
   *
   * @param start inclusive
   * @param end exclusive
   */
  public record Span(Instant start, Instant end) {}

  /** The longest wait between two times that follow each other, or an upper bound of it. */
  Duration longestGap() {
    Optional<Duration> shortest =
        timetable.specs().stream()
            .flatMap(spec -> spec instanceof TimeSpec.Every every ? Stream.of(every) : Stream.of())
            .map(TimeSpec.Every::interval)
            .min(Duration::compareTo);
    if (shortest.isPresent()) {
      return shortest.get();
    }
    Duration dense =
        SAMPLES.stream()
            .map(sample -> longestGap(sample, MONTH))
            .max(Duration::compareTo)
            .orElseThrow();
    return dense.compareTo(Duration.ofDays(3)) < 0 ? dense : longestGap(NEW_YEAR, LEAP_YEARS);
  }

  private Duration longestGap(Instant from, Duration span) {
    Duration longest = Duration.ZERO;
    Instant last = from;
    while (last.isBefore(from.plus(span))) {
      Instant next = following(last).orElse(from.plus(span));
      Duration gap = Duration.between(last, next);
      longest = gap.compareTo(longest) > 0 ? gap : longest;
      last = next;
    }
    return longest;
  }

  private boolean isWithinBounds(Instant time) {
    return timetable.endAt() == null || !time.isAfter(timetable.endAt());
  }
}
