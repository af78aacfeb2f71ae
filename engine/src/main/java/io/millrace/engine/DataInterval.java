package io.millrace.engine;

import io.temporal.common.SearchAttributeKey;
import io.temporal.workflow.Workflow;
import java.time.Instant;
import java.time.OffsetDateTime;

/**
 * The span of time that a run is about, as in Airflow.
 *
 * @param start inclusive; also the run's logical date
 * @param end exclusive
 */
public record DataInterval(Instant start, Instant end) {

  /** Set by Temporal on runs that a Schedule started: the nominal time, before any jitter. */
  private static final SearchAttributeKey<OffsetDateTime> SCHEDULED_START =
      SearchAttributeKey.forOffsetDateTime("TemporalScheduledStartTime");

  public DataInterval {
    if (end.isBefore(start)) {
      throw new IllegalArgumentException(
          "The interval ends at %s, before %s".formatted(end, start));
    }
  }

  /**
   * The interval of the current run: a point, the nominal time of its Schedule, or its start if it
   * was started by hand. This is Airflow's rule for trigger timetables.
   */
  static DataInterval ofCurrentRun() {
    OffsetDateTime scheduled = Workflow.getTypedSearchAttributes().get(SCHEDULED_START);
    Instant at =
        scheduled == null
            ? Instant.ofEpochMilli(Workflow.getInfo().getRunStartedTimestampMillis())
            : scheduled.toInstant();
    return new DataInterval(at, at);
  }
}
