package io.millrace.engine.schedule;

import io.temporal.activity.ActivityInterface;
import io.temporal.activity.ActivityMethod;
import io.temporal.workflow.QueryMethod;
import io.temporal.workflow.WorkflowInterface;
import io.temporal.workflow.WorkflowMethod;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Looks at the schedules' counters once a minute and raises an alert for every run that was
 * skipped, missed or dropped since the look before; and for those that a schedule missed while it
 * was paused, if it was unpaused by other means than {@link Schedules#unpause}. One such workflow
 * serves a namespace; its current details show the last alerts.
 */
@WorkflowInterface
public interface ScheduleWatch {

  /** The workflow type, and the id of the one that runs. */
  String TYPE = "millrace_schedule_watch";

  /**
   * Watches until it is cancelled.
   *
   * @param memory null; the workflow itself gives it when it continues as a new run
   */
  @WorkflowMethod(name = TYPE)
  void run(@Nullable Memory memory);

  /** The last alerts, the latest first. */
  @QueryMethod(name = "alerts")
  List<ScheduleAlert> alerts();

  /**
   * What the watch remembers.
   *
   * @param seen the counters of each schedule at the last look
   * @param alerts the last alerts, the latest first
   * @param every how long it waits between two looks
   * @param paused the paused schedules, and up to when each had been seen to run
   */
  record Memory(
      SortedMap<String, LostRuns> seen,
      List<ScheduleAlert> alerts,
      Duration every,
      SortedMap<String, Instant> paused) {

    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final int MAX_ALERTS = 50;

    public Memory {
      seen = new TreeMap<>(seen);
      alerts = alerts.stream().limit(MAX_ALERTS).toList();
      paused = paused == null ? new TreeMap<>() : new TreeMap<>(paused); // as an older one wrote it
    }

    /** Of a watch that has seen no schedule paused. */
    Memory(SortedMap<String, LostRuns> seen, List<ScheduleAlert> alerts, Duration every) {
      this(seen, alerts, every, new TreeMap<>());
    }

    static Memory empty() {
      return new Memory(new TreeMap<>(), List.of(), MINUTE);
    }
  }

  /** What the watch asks the server. */
  @ActivityInterface
  interface Look {

    /**
     * Looks at every schedule of the namespace, and raises alerts for what was lost since.
     *
     * @param before the counters of the look before
     * @param paused the schedules that were paused then; null for none
     */
    @ActivityMethod(name = "millrace_schedule_look")
    Seen look(SortedMap<String, LostRuns> before, @Nullable SortedMap<String, Instant> paused);
  }

  /**
   * What a look has seen.
   *
   * @param counters of each schedule
   * @param alerts that were raised
   * @param paused the paused schedules, and up to when each had been seen to run; null in the
   *     answer of an older worker
   */
  record Seen(
      SortedMap<String, LostRuns> counters,
      List<ScheduleAlert> alerts,
      @Nullable SortedMap<String, Instant> paused) {}
}
