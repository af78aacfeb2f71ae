package io.millrace.engine.schedule;

import io.temporal.workflow.Workflow;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a schedule or a backfill writes into the memo of each of its runs, {@value #MEMO}.
 *
 * <p>Only for workflow code. It makes no call, and is the same at every replay.
 *
 * @param timetable the timetable as text, for {@link Timetable#parse}
 * @param latestOnly whether a run that starts late gives way to a later one that is due already
 * @param maxActiveRuns how many runs of the schedule may be active at the same time; 0 for any
 * @param backfill the workflow id of the backfill that started the run, or null
 * @param before what the run before this one is
 * @param former the schedule's earlier timetables, the earliest first: a run that came due under
 *     one of them may start only after the change, and is still about that one's interval
 */
public record ScheduledRun(
    String timetable,
    boolean latestOnly,
    int maxActiveRuns,
    @Nullable String backfill,
    Before before,
    List<Former> former) {

  /**
   * A timetable that was in force.
   *
   * @param timetable as text, for {@link Timetable#parse}
   * @param until nominal times up to this one, inclusive, are its own
   */
  public record Former(String timetable, Instant until) {}

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
    before = before == null ? Before.LAST : before; // an older version did not write it
    former = former == null ? List.of() : List.copyOf(former); // so here
  }

  /** Of a schedule whose timetable has not changed. */
  public ScheduledRun(
      String timetable,
      boolean latestOnly,
      int maxActiveRuns,
      @Nullable String backfill,
      Before before) {
    this(timetable, latestOnly, maxActiveRuns, backfill, before, List.of());
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
    return new ScheduledRun(timetable, false, 0, null, before, former);
  }

  /** What a run of this schedule is memo. */
  static ScheduledRun of(DagSchedule schedule) {
    return new ScheduledRun(
        schedule.timetable().text(),
        schedule.overlap() == DagSchedule.Overlap.LATEST_ONLY,
        schedule.maxActiveRuns());
  }

  /** The most changes of a timetable that a memo has. */
  private static final int MAX_FORMER = 20;

  /**
   * The same after a change of the timetable.
   *
   * @param earlier the memo of its runs until then
   * @param until the last moment at which runs came due by the earlier timetable
   */
  ScheduledRun replacing(ScheduledRun earlier, Instant until) {
    List<Former> all = new ArrayList<>();
    boolean open = !earlier.timetable().equals(timetable);
    for (Former old : earlier.former()) {
      if (!open || old.until().isBefore(until)) {
        all.add(old);
      } else { // nothing came due since then, so that what was declared meanwhile does not count
        all.add(new Former(old.timetable(), until));
        open = false;
        break;
      }
    }
    if (open) {
      all.add(new Former(earlier.timetable(), until));
    }
    int from = Math.max(0, all.size() - MAX_FORMER);
    return new ScheduledRun(
        timetable, latestOnly, maxActiveRuns, backfill, before, all.subList(from, all.size()));
  }

  /** The same without the timetables that were replaced before any run came due. */
  ScheduledRun withoutFormer() {
    return new ScheduledRun(timetable, latestOnly, maxActiveRuns, backfill, before);
  }

  /**
   * What span of time the run of a nominal time is about, by the timetable that was in force then.
   *
   * @throws IllegalArgumentException if a text is no timetable
   */
  public ScheduleCalendar.Span interval(Instant nominal) {
    return TimetableHistory.of(this).interval(nominal);
  }

  /** The nominal time before another, by the timetable that was in force then. */
  public Optional<Instant> previous(Instant nominal) {
    return TimetableHistory.of(this).previous(nominal);
  }

  /** Whether no run of the schedule can have come before that of a nominal time. */
  public boolean isFirst(Instant nominal) {
    return TimetableHistory.of(this).isFirst(nominal);
  }

  /** The last nominal time that is not after a moment. */
  public Optional<Instant> lastDue(Instant now) {
    return TimetableHistory.of(this).atOrBefore(now);
  }

  /** The memo of the current run; empty if a person started it. */
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
    return lastDue(now).filter(latest -> latest.isAfter(nominal));
  }
}
