package io.millrace.engine.backfill;

import io.millrace.engine.DataInterval;
import io.millrace.engine.PastDependencies;
import io.millrace.engine.Policy;
import io.millrace.engine.schedule.Timetable;
import io.temporal.activity.ActivityOptions;
import io.temporal.failure.ActivityFailure;
import io.temporal.workflow.Workflow;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Whether a backfill's DAG depends on the past: then it must not run backwards.
 *
 * <p>A graph may depend on its params and its interval, so it is built for the dates themselves.
 */
public final class BackfillPast {

  /** Of more dates so many are looked at, evenly. */
  private static final int MAX_DATES = 500;

  private final BackfillRequest request;

  /** Of a request that has a timetable. */
  public BackfillPast(BackfillRequest request) {
    this.request = request;
  }

  /** The intervals to build the graph for. */
  public List<DataInterval> intervals() {
    Timetable timetable = Timetable.parse(Objects.requireNonNull(request.timetable()));
    List<Instant> dates = request.dates();
    int most = Math.min(dates.size(), MAX_DATES);
    return IntStream.range(0, most)
        .mapToObj(
            index -> dates.get((int) ((long) index * (dates.size() - 1) / Math.max(1, most - 1))))
        .map(date -> DataInterval.of(timetable, date))
        .toList();
  }

  /** What to say of the first task that depends on the past. */
  public static String refusal(String task) {
    return "task '%s' depends on the past, so that the backfill must not run backwards: start it without --run-backwards (\"runBackwards\": false)"
        .formatted(task);
  }

  /**
   * Asks a worker of the DAG's queue; null if there is no such task, or the worker does not know.
   */
  @Nullable String firstTask() {
    try {
      return Workflow.newUntypedActivityStub(
              ActivityOptions.newBuilder()
                  .setStartToCloseTimeout(Duration.ofMinutes(1))
                  .setRetryOptions(
                      Policy.PATIENT
                          .withoutRetryOf(IllegalArgumentException.class.getName())
                          .retry()
                          .options())
                  .setSummary("does it depend on the past?")
                  .build())
          .execute(
              PastDependencies.TYPE, String.class, request.dag(), request.params(), intervals());
    } catch (ActivityFailure e) {
      // Wrong params, for example: each run says so itself.
      Workflow.getLogger(BackfillPast.class).warn("{}", e.getMessage());
      return null;
    }
  }
}
