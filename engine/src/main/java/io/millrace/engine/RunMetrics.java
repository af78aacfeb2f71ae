package io.millrace.engine;

import com.uber.m3.tally.Scope;
import com.uber.m3.util.Duration;
import io.millrace.engine.RunReport.RunState;
import io.millrace.engine.schedule.ScheduledRun;
import io.temporal.workflow.Workflow;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;

/**
 * What a run adds to the worker's metrics: {@code millrace_task_duration} by dag, task and state,
 * {@code millrace_run_duration} by dag and state, {@code millrace_run_schedule_delay} by dag: from
 * the nominal time of a scheduled run to its start. All are timers, and a replay adds nothing
 * again.
 *
 * <p>They go where the SDK's own metrics go: a scope set with {@code
 * WorkflowServiceStubsOptions.setMetricsScope}, for example Micrometer's.
 */
final class RunMetrics {

  private final Scope scope;

  RunMetrics(String dag) {
    this.scope = Workflow.getMetricsScope().tagged(Map.of("dag", dag));
  }

  /** A run by the clock has started. */
  void started(Instant nominal, Instant actual) {
    if (ScheduledRun.ofCurrentRun().filter(run -> run.backfill() == null).isPresent()) {
      long late = Math.max(0, java.time.Duration.between(nominal, actual).toNanos());
      scope.timer("millrace_run_schedule_delay").record(Duration.ofNanos(late));
    }
  }

  void taskEnded(String task, NodeState state, java.time.Duration took) {
    scope
        .tagged(Map.of("task", task))
        .tagged(Map.of("state", state.words()))
        .timer("millrace_task_duration")
        .record(Duration.ofNanos(took.toNanos()));
  }

  void ended(RunState state, java.time.Duration took) {
    scope
        .tagged(Map.of("state", state.name().toLowerCase(Locale.ROOT)))
        .timer("millrace_run_duration")
        .record(Duration.ofNanos(took.toNanos()));
  }
}
