package io.millrace.engine.pool;

import io.temporal.api.enums.v1.WorkflowIdConflictPolicy;
import io.temporal.api.enums.v1.WorkflowIdReusePolicy;
import io.temporal.client.WorkflowOptions;
import io.temporal.workflow.QueryMethod;
import io.temporal.workflow.SignalMethod;
import io.temporal.workflow.UpdateMethod;
import io.temporal.workflow.UpdateValidatorMethod;
import io.temporal.workflow.WorkflowInterface;
import io.temporal.workflow.WorkflowMethod;
import org.jspecify.annotations.Nullable;

/**
 * One pool: a workflow {@code pool/<name>} that lives as long as the pool.
 *
 * <p>A cancelled pool refuses new requests and ends once nothing is in use; the next request after
 * that begins a new one. A terminated pool forgets what is in use, so do not terminate one.
 */
@WorkflowInterface
public interface PoolWorkflow {

  /** The workflow type. */
  String TYPE = "millrace_pool";

  /** The name of the signal by which runs ask and give back. */
  String REQUEST = "request";

  /** Runs the pool; with no input, one that is empty and undeclared. */
  @WorkflowMethod(name = TYPE)
  void run(@Nullable PoolState state);

  /** Takes what a run asks for or gives back; a signal without an argument says nothing. */
  @SignalMethod(name = REQUEST)
  void request(@Nullable PoolRequest request);

  /**
   * Sets the size.
   *
   * @param slots 0 or more; with 0 every request waits
   */
  @UpdateMethod(name = "resize")
  PoolReport resize(int slots);

  @UpdateValidatorMethod(updateName = "resize")
  void validateResize(int slots);

  /** Says what the slots stand for; blank or null takes it back. */
  @UpdateMethod(name = "describe")
  PoolReport describe(@Nullable String description);

  @UpdateValidatorMethod(updateName = "describe")
  void validateDescribe(@Nullable String description);

  /** Sets the size if it was not set before. */
  @SignalMethod(name = "declare")
  void declare(int slots);

  /** Reports what is in use and what waits. */
  @QueryMethod(name = "pool")
  PoolReport report();

  /** The workflow id of a pool. */
  static String id(String pool) {
    return "pool/" + pool;
  }

  /** How a pool is started, or found if it runs. */
  static WorkflowOptions options(String pool, String taskQueue) {
    return WorkflowOptions.newBuilder()
        .setWorkflowId(id(pool))
        .setTaskQueue(taskQueue)
        .setStaticSummary("pool " + pool)
        .setWorkflowIdReusePolicy(WorkflowIdReusePolicy.WORKFLOW_ID_REUSE_POLICY_ALLOW_DUPLICATE)
        .setWorkflowIdConflictPolicy(
            WorkflowIdConflictPolicy.WORKFLOW_ID_CONFLICT_POLICY_USE_EXISTING)
        .build();
  }
}
