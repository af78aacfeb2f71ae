package io.millrace.engine;

import io.millrace.engine.schedule.ScheduleCalendar;
import io.millrace.engine.schedule.ScheduledRun;
import io.millrace.engine.schedule.Timetable;
import io.temporal.common.SearchAttributeKey;
import io.temporal.failure.ApplicationFailure;
import io.temporal.workflow.Workflow;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The span of time that a run is about, as in Airflow.
 *
 * @param start inclusive; also the run's logical date
 * @param end exclusive
 */
public record DataInterval(Instant start, Instant end) {

  /** Set on runs of a Schedule or a backfill: the nominal time, before any jitter. */
  static final SearchAttributeKey<OffsetDateTime> SCHEDULED_START =
      SearchAttributeKey.forOffsetDateTime("TemporalScheduledStartTime");

  public DataInterval {
    if (end.isBefore(start)) {
      throw new IllegalArgumentException(
          "The interval ends at %s, before %s".formatted(end, start));
    }
  }

  /**
   * The interval of a run. The run's time is its nominal time, or its start if it was started by
   * hand. Without a timetable the interval is that point, as with Airflow's trigger timetables;
   * with one it is {@link ScheduleCalendar#interval}.
   */
  public static DataInterval of(Timetable timetable, Instant at) {
    ScheduleCalendar.Span span = timetable.calendar().interval(at);
    return new DataInterval(span.start(), span.end());
  }

  /**
   * The interval of the current run, of which the one who started it may have given either end.
   *
   * @param logicalDate the start, or null
   * @param intervalEnd the end, or null; it counts only with a start
   */
  static DataInterval ofCurrentRun(@Nullable Instant logicalDate, @Nullable Instant intervalEnd) {
    if (logicalDate != null) {
      return new DataInterval(logicalDate, intervalEnd == null ? logicalDate : intervalEnd);
    }
    Instant at = nominalTimeOfCurrentRun();
    Optional<ScheduledRun> schedule = ScheduledRun.ofCurrentRun();
    if (schedule.isEmpty()) {
      return new DataInterval(at, at);
    }
    try {
      ScheduleCalendar.Span span = schedule.get().interval(at);
      return new DataInterval(span.start(), span.end());
    } catch (IllegalArgumentException e) {
      // Thrown as it is, it would fail the workflow task for ever.
      throw ApplicationFailure.newNonRetryableFailureWithCause(
          "The run's memo %s: %s".formatted(ScheduledRun.MEMO, e.getMessage()),
          "InvalidSchedule",
          e);
    }
  }

  /** The nominal time of the current run, or its start if it was started by hand. */
  static Instant nominalTimeOfCurrentRun() {
    return scheduledTimeOfCurrentRun()
        .orElseGet(() -> Instant.ofEpochMilli(Workflow.getInfo().getRunStartedTimestampMillis()));
  }

  /** The nominal time of the current run; empty if it was started by hand. */
  static Optional<Instant> scheduledTimeOfCurrentRun() {
    return Optional.ofNullable(Workflow.getTypedSearchAttributes().get(SCHEDULED_START))
        .map(OffsetDateTime::toInstant);
  }
}
