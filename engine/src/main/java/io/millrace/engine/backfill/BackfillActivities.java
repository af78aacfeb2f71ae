package io.millrace.engine.backfill;

import io.temporal.activity.ActivityInterface;
import io.temporal.activity.ActivityMethod;

/** What a backfill asks the server. */
@ActivityInterface
public interface BackfillActivities {

  /**
   * The timetable of a DAG's Schedule.
   *
   * @throws io.temporal.failure.ApplicationFailure if there is no such schedule of ours
   */
  @ActivityMethod(name = "millrace_backfill_timetable")
  String timetableOf(String dag);

  /**
   * How a run ended that an earlier part of the backfill's history started.
   *
   * @throws io.temporal.failure.ApplicationFailure while it runs: the retry asks again
   */
  @ActivityMethod(name = "millrace_backfill_outcome")
  Outcome outcomeOf(String runId);

  /**
   * How a run ended.
   *
   * @param reason why it failed, else empty
   */
  record Outcome(BackfillReport.DateState state, String reason) {}
}
