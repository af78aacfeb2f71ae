package io.millrace.engine.schedule;

import io.millrace.engine.schedule.ScheduleWatch.Look;
import io.millrace.engine.schedule.ScheduleWatch.Memory;
import io.millrace.engine.schedule.ScheduleWatch.Seen;
import io.temporal.api.enums.v1.WorkflowExecutionStatus;
import io.temporal.api.enums.v1.WorkflowIdConflictPolicy;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowExecutionDescription;
import io.temporal.client.WorkflowNotFoundException;
import io.temporal.client.WorkflowOptions;
import io.temporal.client.WorkflowStub;
import io.temporal.worker.Worker;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Lets a worker run the {@link ScheduleWatch}, and starts it. */
public final class ScheduleWatches {

  private ScheduleWatches() {}

  /**
   * Lets a worker watch the schedules of a client's namespace.
   *
   * @param alerts takes the alerts about runs that were not started
   */
  public static void register(Worker worker, WorkflowClient client, Alerts alerts) {
    worker.registerWorkflowImplementationFactory(ScheduleWatch.class, ScheduleWatchImpl::new);
    worker.registerActivitiesImplementations(
        new LookImpl(
            new Schedules(client)::list,
            new Schedules(client)::missedSince,
            alerts,
            Clock.systemUTC()));
  }

  /**
   * Starts the watch unless it runs already; ask for it as often as you like.
   *
   * @param taskQueue the queue of a worker that knows it
   */
  public static void ensureRunning(WorkflowClient client, String taskQueue) {
    endOnAnotherQueue(client, taskQueue);
    client
        .newUntypedWorkflowStub(
            ScheduleWatch.TYPE,
            WorkflowOptions.newBuilder()
                .setTaskQueue(taskQueue)
                .setWorkflowId(ScheduleWatch.TYPE)
                .setWorkflowIdConflictPolicy(
                    WorkflowIdConflictPolicy.WORKFLOW_ID_CONFLICT_POLICY_USE_EXISTING)
                .setStaticSummary("raises an alert for runs that schedules did not start")
                .build())
        .start(Memory.empty());
  }

  /** What it remembers is on the server too: one that is begun anew repeats no alert. */
  private static void endOnAnotherQueue(WorkflowClient client, String taskQueue) {
    WorkflowStub running = client.newUntypedWorkflowStub(ScheduleWatch.TYPE);
    try {
      WorkflowExecutionDescription found = running.describe();
      if (found.getStatus() == WorkflowExecutionStatus.WORKFLOW_EXECUTION_STATUS_RUNNING
          && !found.getTaskQueue().equals(taskQueue)) {
        running.terminate("goes on on the task queue " + taskQueue);
      }
    } catch (WorkflowNotFoundException e) {
      // It begins now.
    }
  }

  /** Compares the counters with those of the look before. */
  static final class LookImpl implements Look {

    /** A look may come a little late after the one before. */
    private static final Duration SINCE_THE_LOOK_BEFORE = Duration.ofMinutes(2);

    private final Supplier<List<ScheduleStatus>> schedules;
    private final BiFunction<ScheduleStatus, Instant, List<Instant>> missedSince;
    private final Alerts alerts;
    private final Clock clock;

    /**
     * Prepares to look.
     *
     * @param missedSince the dates of a schedule after a moment that have no run
     */
    LookImpl(
        Supplier<List<ScheduleStatus>> schedules,
        BiFunction<ScheduleStatus, Instant, List<Instant>> missedSince,
        Alerts alerts,
        Clock clock) {
      this.schedules = schedules;
      this.missedSince = missedSince;
      this.alerts = alerts;
      this.clock = clock;
    }

    @Override
    public Seen look(
        SortedMap<String, LostRuns> before, @Nullable SortedMap<String, Instant> wasPaused) {
      Instant now = clock.instant();
      SortedMap<String, LostRuns> counters = new TreeMap<>();
      SortedMap<String, Instant> paused = new TreeMap<>();
      List<ScheduleAlert> raised = new ArrayList<>();
      for (ScheduleStatus schedule : schedules.get()) {
        String id = schedule.schedule();
        counters.put(id, schedule.lost());
        LostRuns lost = schedule.lost().since(before.getOrDefault(id, LostRuns.NONE));
        raised.addAll(ScheduleAlert.of(id, lost, now));
        Instant since = wasPaused == null ? null : wasPaused.get(id);
        if (schedule.paused()) {
          paused.put(id, since == null ? now.minus(SINCE_THE_LOOK_BEFORE) : since);
        } else if (since != null && !schedule.note().contains(MissedRuns.NOTED)) {
          List<Instant> missed = missedSince.apply(schedule, since);
          if (!missed.isEmpty()) {
            raised.add(ScheduleAlert.paused(id, missed, now));
          }
        }
      }
      raised.forEach(alerts::raise);
      return new Seen(counters, raised, paused);
    }
  }
}
