package io.millrace.engine.schedule;

import java.time.Duration;
import java.time.ZoneId;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * When a DAG runs.
 *
 * <p>The run's workflow id is {@code <dag>-<nominal UTC time>}, which is also its logical date.
 *
 * @param dag the DAG's name, also the id of its Temporal Schedule
 * @param cron five fields, or {@code @hourly}, {@code @daily}, {@code @weekly}, {@code @monthly},
 *     {@code @yearly}, or {@code @every 900s}
 * @param zone the time zone of the cron fields; UTC has no daylight-saving surprises
 * @param catchupWindow after an outage, missed runs that are not older than this still start; one
 *     interval is Airflow's {@code catchup=False}, a year its {@code catchup=True}
 * @param overlap what becomes of a run that comes due while another is active
 * @param jitter each run starts up to so much later; its logical date stays
 * @param paused whether it is created paused; afterwards the operator alone decides
 */
public record DagSchedule(
    String dag,
    String cron,
    ZoneId zone,
    Duration catchupWindow,
    Overlap overlap,
    Duration jitter,
    boolean paused) {

  /** What becomes of a run that comes due while another of the same schedule is active. */
  public enum Overlap {
    /** It starts when that one has ended; further ones are dropped. */
    BUFFER_ONE,
    /** All start, one after the other, in order. */
    BUFFER_ALL,
    /** It is dropped. */
    SKIP,
    /** It starts when the active one has been cancelled. */
    CANCEL_OTHER,
    /** It starts at once. */
    ALLOW_ALL
  }

  private static final Pattern PRESET =
      Pattern.compile("@(hourly|daily|weekly|monthly|yearly|every [1-9][0-9]*s)");
  private static final Duration SHORTEST_WINDOW = Duration.ofSeconds(10);

  /** A schedule with at most one active run and one that waits, without jitter. */
  public DagSchedule(String dag, String cron, ZoneId zone, Duration catchupWindow) {
    this(dag, cron, zone, catchupWindow, Overlap.BUFFER_ONE, Duration.ZERO, false);
  }

  public DagSchedule {
    if (jitter.isNegative()) {
      throw new IllegalArgumentException(
          "Schedule of %s: jitter must not be negative, but is %s".formatted(dag, jitter));
    }
    if (!PRESET.matcher(cron).matches()) {
      requireFiveFields(dag, cron);
    }
    if (catchupWindow.compareTo(SHORTEST_WINDOW) < 0) {
      throw new IllegalArgumentException(
          "Schedule of %s: catchupWindow %s is below the server's least, %s"
              .formatted(dag, catchupWindow, SHORTEST_WINDOW));
    }
  }

  private static void requireFiveFields(String dag, String cron) {
    String[] fields = cron.trim().split("\\s+");
    if (fields.length != 5) {
      throw new IllegalArgumentException(
          "Schedule of %s: cron '%s' has %d fields, it needs 5 (or a preset, as @hourly)"
              .formatted(dag, cron, fields.length));
    }
    if (!fields[2].equals("*") && !fields[4].equals("*")) {
      throw new IllegalArgumentException(
          "Schedule of %s: cron '%s' sets day of month and day of week; Temporal takes both together, cron either: set one"
              .formatted(dag, cron));
    }
  }

  /** Every hour in UTC, as Airflow's {@code @hourly} without catch-up. */
  public static DagSchedule hourly(String dag) {
    return new DagSchedule(dag, "@hourly", ZoneId.of("UTC"), Duration.ofHours(1));
  }

  /** Every week in UTC, as Airflow's {@code @weekly} without catch-up. */
  public static DagSchedule weekly(String dag) {
    return new DagSchedule(dag, "@weekly", ZoneId.of("UTC"), Duration.ofDays(7));
  }

  /** At a fixed distance, counted from 1970-01-01T00:00Z, without catch-up. */
  public static DagSchedule every(String dag, Duration interval) {
    Duration window = interval.compareTo(SHORTEST_WINDOW) < 0 ? SHORTEST_WINDOW : interval;
    return new DagSchedule(
        dag, "@every %ds".formatted(interval.toSeconds()), ZoneId.of("UTC"), window);
  }

  /** The same with another rule for runs that overlap. */
  public DagSchedule withOverlap(Overlap rule) {
    return new DagSchedule(dag, cron, zone, catchupWindow, rule, jitter, paused);
  }

  /** The same with a jitter. */
  public DagSchedule withJitter(Duration most) {
    return new DagSchedule(dag, cron, zone, catchupWindow, overlap, most, paused);
  }

  /** The same, but created paused. */
  public DagSchedule createdPaused() {
    return new DagSchedule(dag, cron, zone, catchupWindow, overlap, jitter, true);
  }

  /** The declaration in one line; two schedules are the same if and only if their lines are. */
  String spec() {
    return "%s zone=%s catchup=%s overlap=%s jitter=%s"
        .formatted(cron, zone, catchupWindow, overlap.name().toLowerCase(Locale.ROOT), jitter);
  }
}
