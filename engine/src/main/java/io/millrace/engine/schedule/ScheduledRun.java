package io.millrace.engine.schedule;

import io.temporal.workflow.Workflow;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a schedule or a backfill tells each of its runs, in the run's memo {@value #MEMO}.
 *
 * <p>Only for workflow code. It asks nobody, and is the same at every replay.
 *
 * @param timetable the timetable as text, for {@link Timetable#parse}
 * @param latestOnly whether a run that starts late gives way to a later one that is due already
 * @param maxActiveRuns how many runs of the schedule may be active at the same time; 0 for any
 * @param backfill the workflow id of the backfill that started the run, or null
 * @param before what the run before this one is
 */
public record ScheduledRun(
    String timetable,
    boolean latestOnly,
    int maxActiveRuns,
    @Nullable String backfill,
    Before before) {

  /** What is known of the run before, for the tasks that depend on it. */
  public enum Before {
    /** The last one that exists, as for every run that a schedule starts. */
    LAST,
    /** That of the nominal time before, which exists or is about to. */
    ADJACENT,
    /** There is none: this is the first date of a backfill. */
    NONE,
    /** It comes later than this one: the backfill runs backwards. */
    LATER
  }

  public ScheduledRun {
    before = before == null ? Before.LAST : before; // an older version told nothing
  }

  /** Of a run that a schedule starts. */
  public ScheduledRun(String timetable, boolean latestOnly, int maxActiveRuns) {
    this(timetable, latestOnly, maxActiveRuns, null, Before.LAST);
  }

  /** Of a run that a backfill starts. */
  public static ScheduledRun ofBackfill(String timetable, String backfill, Before before) {
    return new ScheduledRun(timetable, false, 0, backfill, before);
  }

  /** The memo's key. */
  public static final String MEMO = "millrace-schedule";

  /** The same for a rerun by hand, which gives way to no other and takes no slot. */
  public ScheduledRun byHand() {
    return new ScheduledRun(timetable, false, 0, null, before);
  }

  /** What a run of this schedule is told. */
  static ScheduledRun of(DagSchedule schedule) {
    return new ScheduledRun(
        schedule.timetable().text(),
        schedule.overlap() == DagSchedule.Overlap.LATEST_ONLY,
        schedule.maxActiveRuns());
  }

  /** What the current run was told; empty if a person started it. */
  public static Optional<ScheduledRun> ofCurrentRun() {
    return Optional.ofNullable(Workflow.getMemo(MEMO, ScheduledRun.class, ScheduledRun.class));
  }

  /**
   * The slot that the run must hold while it is active, of {@code maxActiveRuns} in the pool {@code
   * runs.<dag>}; empty if it needs none. A backfill has a limit of its own.
   */
  public Optional<Slot> slot(String dag) {
    return maxActiveRuns == 0 || backfill != null
        ? Optional.empty()
        : Optional.of(new Slot("runs." + dag, maxActiveRuns));
  }

  /**
   * A place in a pool.
   *
   * @param pool its name
   * @param slots how many places it has in all
   */
  public record Slot(String pool, int slots) {}

  /**
   * The later nominal time that is due already, to which this run must give way: it then ends with
   * every task skipped. Empty if it may go on.
   *
   * @param nominal the run's nominal time
   * @param now the workflow's time
   */
  public Optional<Instant> supersededBy(Instant nominal, Instant now) {
    if (!latestOnly || backfill != null) {
      return Optional.empty();
    }
    return Timetable.parse(timetable)
        .calendar()
        .atOrBefore(now)
        .filter(latest -> latest.isAfter(nominal));
  }
}
