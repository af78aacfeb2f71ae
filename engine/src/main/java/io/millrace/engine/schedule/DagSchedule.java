package io.millrace.engine.schedule;

import java.time.Duration;
import java.time.ZoneId;
import java.util.Locale;

/**
 * When a DAG runs.
 *
 * <p>The run's workflow id is {@code <dag>-<nominal UTC time>}, whoever starts it: the schedule or
 * a backfill.
 *
 * @param dag the DAG's name, also the id of its Temporal Schedule
 * @param timetable the nominal times, and what span of time a run is about
 * @param catchupWindow after an outage, missed runs that are not older than this still start; see
 *     {@link #withCatchup} and {@link #withoutCatchup}
 * @param overlap what becomes of a run that comes due while another is active
 * @param maxActiveRuns how many runs of the schedule are active at the same time, if the overlap
 *     rule allows several; 0 for no limit
 * @param jitter each run starts up to so much later; its nominal time stays
 * @param paused whether it is created paused; afterwards the operator alone decides
 */
public record DagSchedule(
    String dag,
    Timetable timetable,
    Duration catchupWindow,
    Overlap overlap,
    int maxActiveRuns,
    Duration jitter,
    boolean paused) {

  /** What becomes of a run that comes due while another of the same schedule is active. */
  public enum Overlap {
    /** It starts when that one has ended; further ones are dropped. */
    BUFFER_ONE,
    /** Sequential: all start, one after the other, in order. */
    BUFFER_ALL,
    /** First only: it is dropped. */
    SKIP,
    /** Last only: it starts when the active one has been cancelled. */
    CANCEL_OTHER,
    /** Parallel: it starts at once, or when one of {@code maxActiveRuns} is free. */
    ALLOW_ALL,
    /** The active one ends in peace, then the last that came due starts; those between skip. */
    LATEST_ONLY
  }

  /** The longest that the server lets a schedule look back. */
  private static final Duration CATCHUP_ALL = Duration.ofDays(365);

  private static final Duration SHORTEST_WINDOW = Duration.ofSeconds(10);

  /** One active run and one that waits, no catch-up, no jitter. */
  public DagSchedule(String dag, Timetable timetable) {
    this(dag, timetable, oneInterval(timetable), Overlap.BUFFER_ONE, 0, Duration.ZERO, false);
  }

  /** One cron or preset, with at most one active run and one that waits, without jitter. */
  public DagSchedule(String dag, String cron, ZoneId zone, Duration catchupWindow) {
    this(dag, named(dag, cron, zone), catchupWindow, Overlap.BUFFER_ONE, 0, Duration.ZERO, false);
  }

  public DagSchedule {
    if (jitter.isNegative()) {
      throw refused(dag, "jitter must not be negative, but is " + jitter);
    }
    if (catchupWindow.compareTo(SHORTEST_WINDOW) < 0) {
      throw refused(
          dag,
          "catchupWindow %s is below the server's least, %s"
              .formatted(catchupWindow, SHORTEST_WINDOW));
    }
    if (maxActiveRuns < 0) {
      throw refused(dag, "maxActiveRuns must be 1 or more, or 0 for any, not " + maxActiveRuns);
    }
    if (maxActiveRuns > 0 && overlap != Overlap.ALLOW_ALL) {
      throw refused(
          dag,
          "maxActiveRuns %d needs the overlap ALLOW_ALL; with %s one run is active"
              .formatted(maxActiveRuns, overlap));
    }
  }

  /** Every hour in UTC, as Airflow's {@code @hourly} without catch-up. */
  public static DagSchedule hourly(String dag) {
    return new DagSchedule(dag, Timetable.cron("@hourly"));
  }

  /** Every week in UTC, as Airflow's {@code @weekly} without catch-up. */
  public static DagSchedule weekly(String dag) {
    return new DagSchedule(dag, Timetable.cron("@weekly"));
  }

  /** At a fixed distance, counted from 1970-01-01T00:00Z, without catch-up. */
  public static DagSchedule every(String dag, Duration interval) {
    return new DagSchedule(dag, Timetable.every(interval));
  }

  /** The rules in words: {@code @hourly}, or {@code 0 2 * * * | 0 12 * * 6}. */
  public String cron() {
    return timetable.rules();
  }

  /**
   * After an outage or a pause every missed run starts, up to a year back: Airflow's {@code
   * catchup=True}. It counts from the schedule's creation; earlier dates are for a backfill. With
   * the default overlap they start one after the other, for {@link Overlap#BUFFER_ONE} would drop
   * all but two: so the overlap becomes {@link Overlap#BUFFER_ALL}.
   */
  public DagSchedule withCatchup() {
    DagSchedule all = withCatchupWindow(CATCHUP_ALL);
    return overlap == Overlap.BUFFER_ONE ? all.withOverlap(Overlap.BUFFER_ALL) : all;
  }

  /** After an outage or a pause only the last missed run starts: {@code catchup=False}. */
  public DagSchedule withoutCatchup() {
    return withCatchupWindow(oneInterval(timetable));
  }

  /** The same with another catch-up window. */
  public DagSchedule withCatchupWindow(Duration window) {
    return new DagSchedule(dag, timetable, window, overlap, maxActiveRuns, jitter, paused);
  }

  /** The same with another rule for runs that overlap. */
  public DagSchedule withOverlap(Overlap rule) {
    int most = rule == Overlap.ALLOW_ALL ? maxActiveRuns : 0;
    return new DagSchedule(dag, timetable, catchupWindow, rule, most, jitter, paused);
  }

  /** Up to so many runs at the same time; those that come due meanwhile wait for a free place. */
  public DagSchedule parallel(int most) {
    return new DagSchedule(dag, timetable, catchupWindow, Overlap.ALLOW_ALL, most, jitter, paused);
  }

  /** The same with a jitter. */
  public DagSchedule withJitter(Duration most) {
    return new DagSchedule(dag, timetable, catchupWindow, overlap, maxActiveRuns, most, paused);
  }

  /** The same, but created paused. */
  public DagSchedule createdPaused() {
    return new DagSchedule(dag, timetable, catchupWindow, overlap, maxActiveRuns, jitter, true);
  }

  /** The declaration in one line; two schedules are the same if and only if their lines are. */
  String spec() {
    return "%s catchup=%s overlap=%s%s jitter=%s"
        .formatted(
            timetable.text(),
            catchupWindow,
            overlap.name().toLowerCase(Locale.ROOT),
            maxActiveRuns == 0 ? "" : " max-active-runs=" + maxActiveRuns,
            jitter);
  }

  private static Timetable named(String dag, String cron, ZoneId zone) {
    try {
      return Timetable.cron(cron, zone.getId());
    } catch (IllegalArgumentException e) {
      throw refused(dag, String.valueOf(e.getMessage()));
    }
  }

  private static Duration oneInterval(Timetable timetable) {
    Duration gap = timetable.calendar().longestGap();
    Duration window = gap.compareTo(SHORTEST_WINDOW) < 0 ? SHORTEST_WINDOW : gap;
    return window.compareTo(CATCHUP_ALL) > 0 ? CATCHUP_ALL : window;
  }

  private static IllegalArgumentException refused(String dag, String why) {
    return new IllegalArgumentException("Schedule of %s: %s".formatted(dag, why));
  }
}
