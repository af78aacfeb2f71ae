package io.millrace.engine.schedule;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The nominal times of a DAG's runs: one or several rules, of which each adds its times.
 *
 * <pre>{@code
 * Timetable.cron("30 2 * * *", "Europe/Berlin").and("0 12 * * sat").covering(DataIntervalKind.BEFORE)
 * }</pre>
 *
 * <p>A schedule gives its timetable to each run as text, so that the run computes its data interval
 * without a call, and later changes of the schedule do not change it.
 *
 * @param specs at least one rule
 * @param zone the time zone of the cron rules, by its name
 * @param interval which span of time a run is about
 * @param startAt no run has a nominal time before it; null for no bound
 * @param endAt no run has a nominal time after it; null for no bound
 */
public record Timetable(
    List<TimeSpec> specs,
    ZoneId zone,
    DataIntervalKind interval,
    @Nullable Instant startAt,
    @Nullable Instant endAt) {

  private static final ZoneId UTC = ZoneId.of("UTC");
  private static final String OR = " | ";

  public Timetable {
    specs = List.copyOf(specs);
    if (specs.isEmpty()) {
      throw new IllegalArgumentException("A timetable needs at least one cron or interval");
    }
    zone(zone.getId());
    if (startAt != null && endAt != null && endAt.isBefore(startAt)) {
      throw new IllegalArgumentException(
          "A timetable must not end at %s, before its start at %s".formatted(endAt, startAt));
    }
    requireSomeTime(specs, zone);
  }

  /** A cron expression or preset in UTC, which has no days of a clock change. */
  public static Timetable cron(String cron) {
    return cron(cron, "UTC");
  }

  /**
   * A cron expression or preset in a time zone.
   *
   * @throws IllegalArgumentException if there is no such cron, or no such zone
   */
  public static Timetable cron(String cron, String zone) {
    return new Timetable(
        List.of(TimeSpec.parse(cron)), zone(zone), DataIntervalKind.POINT, null, null);
  }

  /** A fixed distance, counted from 1970-01-01T00:00Z. */
  public static Timetable every(Duration interval) {
    return new Timetable(
        List.of(new TimeSpec.Every(interval)), UTC, DataIntervalKind.POINT, null, null);
  }

  /** The same with the times of one more rule: a cron, a preset or {@code @every 900s/60s}. */
  public Timetable and(String spec) {
    List<TimeSpec> all = new ArrayList<>(specs);
    all.add(TimeSpec.parse(spec));
    return new Timetable(all, zone, interval, startAt, endAt);
  }

  /** The same with runs that are about another span of time. */
  public Timetable covering(DataIntervalKind kind) {
    return new Timetable(specs, zone, kind, startAt, endAt);
  }

  /** The same without the nominal times before this one. */
  public Timetable startingAt(Instant first) {
    return new Timetable(specs, zone, interval, first, endAt);
  }

  /** The same without the nominal times after this one. */
  public Timetable endingAt(Instant last) {
    return new Timetable(specs, zone, interval, startAt, last);
  }

  /** What the nominal times are. */
  public ScheduleCalendar calendar() {
    return new ScheduleCalendar(this);
  }

  /**
   * What its crons do on the days within a year on which the zone's clock changes, a sentence each;
   * nothing for crons that no change meets, and for UTC.
   */
  public List<String> clockChangeWarnings(Instant from) {
    return ClockChanges.warnings(this, from);
  }

  /** The rules alone, as people read them. */
  public String rules() {
    return specs.stream().map(TimeSpec::toString).collect(Collectors.joining(OR));
  }

  /**
   * The whole timetable in one line, which {@link #parse} reads; two are the same if and only if
   * their lines are.
   */
  public String text() {
    StringBuilder text = new StringBuilder(rules()).append(" zone=").append(zone.getId());
    if (interval != DataIntervalKind.POINT) {
      text.append(" interval=").append(interval.name().toLowerCase(Locale.ROOT));
    }
    if (startAt != null) {
      text.append(" start=").append(startAt);
    }
    if (endAt != null) {
      text.append(" end=").append(endAt);
    }
    return text.toString();
  }

  /**
   * Reads what {@link #text} wrote, or a person: {@code 30 2 * * * | @every 900s zone=Europe/Berlin
   * interval=before start=2026-01-01T00:00:00Z}. Without a zone it is UTC.
   *
   * @throws IllegalArgumentException if it is no timetable
   */
  public static Timetable parse(String text) {
    List<String> words = new ArrayList<>(List.of(text.trim().split("\\s+")));
    List<String> settings = words.stream().filter(word -> word.contains("=")).toList();
    words.removeAll(settings);
    List<TimeSpec> specs = new ArrayList<>();
    for (String spec : String.join(" ", words).split("\\|", -1)) {
      specs.add(TimeSpec.parse(spec));
    }
    Timetable table = new Timetable(specs, UTC, DataIntervalKind.POINT, null, null);
    for (String setting : settings) {
      table = table.with(text, setting);
    }
    return table;
  }

  private Timetable with(String text, String setting) {
    String value = setting.substring(setting.indexOf('=') + 1);
    try {
      return switch (setting.substring(0, setting.indexOf('='))) {
        case "zone" -> new Timetable(specs, zone(value), interval, startAt, endAt);
        case "interval" -> covering(DataIntervalKind.valueOf(value.toUpperCase(Locale.ROOT)));
        case "start" -> startingAt(Instant.parse(value));
        case "end" -> endingAt(Instant.parse(value));
        default ->
            throw new IllegalArgumentException("only zone, interval, start and end may be set");
      };
    } catch (IllegalArgumentException | DateTimeException e) {
      throw new IllegalArgumentException(
          "Timetable '%s': %s: %s".formatted(text, setting, e.getMessage()), e);
    }
  }

  /** The server knows zones by name only, so that an offset such as +02:00 is refused here. */
  private static ZoneId zone(String name) {
    if (!ZoneId.getAvailableZoneIds().contains(name) || name.startsWith("SystemV")) {
      throw new IllegalArgumentException(
          "There is no time zone '%s'; use UTC or a name such as Europe/Berlin".formatted(name));
    }
    return ZoneId.of(name);
  }

  private static void requireSomeTime(List<TimeSpec> specs, ZoneId zone) {
    for (TimeSpec spec : specs) {
      if (NominalTimes.of(spec, zone).stream()
          .allMatch(times -> times.next(NominalTimes.FIRST).isEmpty())) {
        throw new IllegalArgumentException(
            "'%s' never comes: there is no such day of the month".formatted(spec));
      }
    }
  }
}
