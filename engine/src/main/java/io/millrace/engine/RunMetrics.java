package io.millrace.engine;

import com.uber.m3.tally.Scope;
import com.uber.m3.util.Duration;
import io.millrace.engine.RunReport.RunState;
import io.temporal.workflow.Workflow;
import java.util.Locale;
import java.util.Map;

/**
 * What a run tells the worker's metrics: {@code millrace_task_duration} by dag, task and state,
 * {@code millrace_run_duration} by dag and state; both are timers, and a replay tells nothing
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

  void taskEnded(String task, NodeState state, java.time.Duration took) {
    scope
        .tagged(Map.of("task", task, "state", state.words()))
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
