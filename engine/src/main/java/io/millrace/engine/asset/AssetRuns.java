package io.millrace.engine.asset;

import io.temporal.api.enums.v1.ParentClosePolicy;
import io.temporal.workflow.ChildWorkflowOptions;
import io.temporal.workflow.ChildWorkflowStub;
import io.temporal.workflow.Promise;
import io.temporal.workflow.Workflow;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** Starts runs from the workflows of the asset hub. */
final class AssetRuns {

  /** The field of a DAG's input that speaks of the run itself. */
  private static final String RUN_OPTIONS = "$run";

  private AssetRuns() {}

  /**
   * Starts a run, which outlives the workflow that starts it.
   *
   * @param number makes the run's id unique among those of the same millisecond
   * @return true when the server has started it, false if it refuses to
   */
  static Promise<Boolean> start(AssetSchedule schedule, long number, List<AssetEvent> events) {
    String id =
        "%s-asset-%s-%d"
            .formatted(schedule.dag(), Instant.ofEpochMilli(Workflow.currentTimeMillis()), number);
    ChildWorkflowStub run =
        Workflow.newUntypedChildWorkflowStub(
            schedule.dag(),
            ChildWorkflowOptions.newBuilder()
                .setWorkflowId(id)
                .setTaskQueue(schedule.taskQueue())
                .setParentClosePolicy(ParentClosePolicy.PARENT_CLOSE_POLICY_ABANDON)
                .setStaticSummary("%s (assets)".formatted(schedule.dag()))
                .build());
    var unused =
        run.executeAsync(Object.class, Map.of(RUN_OPTIONS, Map.of("triggeringEvents", events)))
            .handle((value, failure) -> null);
    return run.getExecution().handle((execution, failure) -> failure == null);
  }
}
