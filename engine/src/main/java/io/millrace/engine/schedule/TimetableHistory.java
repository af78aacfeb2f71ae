package io.millrace.engine.schedule;

import io.millrace.engine.schedule.ScheduleCalendar.Span;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The nominal times of a schedule whose timetable has changed: each timetable's own while it was in
 * force.
 *
 * <p>The rule: a run belongs to the timetable that was in force at its nominal time, whenever it
 * starts, and its interval begins at the nominal time before, of whichever timetable. So the
 * intervals of successive runs follow each other without gap or overlap across any change.
 *
 * <p>Pure and deterministic, so that workflows may use it.
 */
final class TimetableHistory {

  private final List<Era> eras;

  /**
   * One timetable's time.
   *
   * @param after its first nominal time is later than this; null for the first
   * @param until its last nominal time is not later than this; null for the one in force now
   */
  private record Era(
      Timetable timetable,
      ScheduleCalendar calendar,
      @Nullable Instant after,
      @Nullable Instant until) {

    /** Its last nominal time before another, within its bounds. */
    Optional<Instant> previous(Instant before) {
      Instant upper = before;
      for (Instant last : new Instant[] {until, timetable.endAt()}) {
        if (last != null && last.isBefore(upper)) {
          upper = last.plusNanos(1);
        }
      }
      return calendar
          .previous(upper)
          .filter(time -> after == null || time.isAfter(after))
          .filter(time -> timetable.startAt() == null || !time.isBefore(timetable.startAt()));
    }

    boolean holds(Instant time) {
      return until == null || !time.isAfter(until);
    }
  }

  private TimetableHistory(List<Era> eras) {
    this.eras = eras;
  }

  /**
   * Reads the memo of a schedule's runs.
   *
   * @throws IllegalArgumentException if a text is no timetable
   */
  static TimetableHistory of(ScheduledRun run) {
    List<Era> eras = new ArrayList<>();
    Instant after = null;
    for (ScheduledRun.Former former : run.former()) {
      eras.add(era(former.timetable(), after, former.until()));
      after = former.until();
    }
    eras.add(era(run.timetable(), after, null));
    return new TimetableHistory(eras);
  }

  private static Era era(String text, @Nullable Instant after, @Nullable Instant until) {
    Timetable timetable = Timetable.parse(text);
    return new Era(timetable, timetable.calendar(), after, until);
  }

  private int at(Instant time) {
    int index = 0;
    while (!eras.get(index).holds(time)) {
      index++;
    }
    return index;
  }

  /** The last nominal time before another; it bounds the first timetable as its calendar does. */
  Optional<Instant> previous(Instant before) {
    if (eras.size() > 1) {
      for (int index = at(before); index >= 0; index--) {
        Optional<Instant> last = eras.get(index).previous(before);
        if (last.isPresent()) {
          return last;
        }
      }
    }
    return eras.get(at(before)).calendar().previous(before);
  }

  /** The last nominal time that is not after another. */
  Optional<Instant> atOrBefore(Instant time) {
    return previous(time.plusNanos(1));
  }

  /** What span of time a run is about; see {@link ScheduleCalendar#interval}. */
  Span interval(Instant at) {
    if (eras.get(at(at)).timetable().interval() == DataIntervalKind.POINT) {
      return new Span(at, at);
    }
    Instant end = atOrBefore(at).orElse(at);
    return new Span(previous(end).orElse(end), end);
  }

  /** Whether the run of a nominal time is the first that the schedule ever has. */
  boolean isFirst(Instant nominal) {
    Optional<Instant> before = previous(nominal);
    Instant start = eras.get(0).timetable().startAt();
    return before.isEmpty() || (start != null && before.get().isBefore(start));
  }

  /**
   * The nominal times after one and up to another, in order.
   *
   * @throws IllegalArgumentException if there are more than {@code most}
   */
  List<Instant> between(Instant after, Instant to, int most) {
    List<Instant> times = new ArrayList<>();
    for (Era era : eras) {
      Instant from = era.after() != null && era.after().isAfter(after) ? era.after() : after;
      Instant last = era.until() != null && era.until().isBefore(to) ? era.until() : to;
      if (from.isBefore(last)) {
        times.addAll(era.calendar().between(from.plusNanos(1), last, most - times.size()));
      }
    }
    return List.copyOf(times);
  }
}
