package io.millrace.engine.backfill;

import io.millrace.engine.RunReport;
import io.millrace.engine.backfill.BackfillReport.DateReport;
import io.millrace.engine.backfill.BackfillReport.DateState;
import io.temporal.activity.ActivityInterface;
import io.temporal.activity.ActivityMethod;
import io.temporal.common.converter.DataConverterException;
import io.temporal.common.converter.DefaultDataConverter;
import io.temporal.common.converter.RawValue;
import java.util.List;

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
   * What a backfill would do with some of its dates.
   *
   * @param from the place of the first in the order of time
   * @param to the place after the last
   * @return each {@code PLANNED} or {@code EXISTING}, and why
   */
  @ActivityMethod(name = "millrace_backfill_plan")
  List<DateReport> planOf(BackfillRequest request, int from, int to);

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
   * @param reason why it was skipped or failed, else empty
   */
  record Outcome(DateState state, String reason) {

    /**
     * Of a run that has completed.
     *
     * @param result its report; a workflow that is no DAG may have another one
     */
    static Outcome of(RawValue result) {
      try {
        RunReport report =
            DefaultDataConverter.STANDARD_INSTANCE.fromPayload(
                result.getPayload(), RunReport.class, RunReport.class);
        return report == null || report.skipped() == null
            ? new Outcome(DateState.SUCCEEDED, "")
            : new Outcome(DateState.SKIPPED, report.skipped());
      } catch (DataConverterException e) {
        return new Outcome(DateState.SUCCEEDED, "");
      }
    }
  }
}
