package io.millrace.engine.pool;

import io.grpc.Status;
import io.temporal.activity.Activity;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowExecutionDescription;
import io.temporal.client.WorkflowNotFoundException;
import io.temporal.client.WorkflowServiceException;
import io.temporal.client.WorkflowStub;
import io.temporal.failure.ApplicationFailure;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Calls the server by the client of the worker that runs the activity. */
public final class PoolCalls implements PoolActivities {

  /** What a retry cannot fix. */
  private static final Set<Status.Code> FINAL =
      EnumSet.of(
          Status.Code.INVALID_ARGUMENT,
          Status.Code.PERMISSION_DENIED,
          Status.Code.UNAUTHENTICATED,
          Status.Code.UNIMPLEMENTED,
          Status.Code.FAILED_PRECONDITION);

  private final @Nullable String home;

  /** New pools start on the task queue of the run that names them first. */
  public PoolCalls() {
    this(null);
  }

  /**
   * New pools start on a task queue of their own.
   *
   * @param home the queue, or null for that of the run
   */
  public PoolCalls(@Nullable String home) {
    this.home = home;
  }

  @Override
  public void request(String pool, String taskQueue, PoolRequest request) {
    String queue = home == null ? taskQueue : home;
    try {
      client()
          .newUntypedWorkflowStub(PoolWorkflow.TYPE, PoolWorkflow.options(pool, queue))
          .signalWithStart(
              PoolWorkflow.REQUEST, new Object[] {request}, new Object[] {PoolState.undeclared()});
    } catch (WorkflowServiceException e) {
      if (isFinal(e)) {
        throw ApplicationFailure.newNonRetryableFailureWithCause(
            "Pool '%s' cannot be reached: %s".formatted(pool, Status.fromThrowable(e)),
            RunPools.REFUSED,
            e);
      }
      throw e;
    }
  }

  @Override
  public List<HolderState> check(List<Holder> holders) {
    return holders.stream().map(PoolCalls::state).toList();
  }

  private static HolderState state(Holder holder) {
    try {
      WorkflowStub stub = client().newUntypedWorkflowStub(holder.workflowId());
      return state(holder, stub.describe());
    } catch (WorkflowNotFoundException e) {
      return HolderState.closed(holder, Instant.EPOCH);
    } catch (WorkflowServiceException e) {
      if (Status.fromThrowable(e).getCode() == Status.Code.INVALID_ARGUMENT) {
        return HolderState.closed(holder, Instant.EPOCH);
      }
      throw e;
    }
  }

  private static HolderState state(Holder holder, WorkflowExecutionDescription found) {
    String chain = found.getFirstRunId();
    if (chain != null && !chain.isEmpty() && !chain.equals(holder.firstRunId())) {
      // Somebody else's run under the same id: the server started it after the holder had closed.
      return HolderState.closed(holder, found.getStartTime());
    }
    return switch (found.getStatus()) {
      case WORKFLOW_EXECUTION_STATUS_COMPLETED,
          WORKFLOW_EXECUTION_STATUS_FAILED,
          WORKFLOW_EXECUTION_STATUS_CANCELED,
          WORKFLOW_EXECUTION_STATUS_TERMINATED,
          WORKFLOW_EXECUTION_STATUS_TIMED_OUT ->
          HolderState.closed(holder, closedAt(found));
      default -> HolderState.open(holder, found.getExecution().getRunId());
    };
  }

  private static Instant closedAt(WorkflowExecutionDescription found) {
    Instant closed = found.getCloseTime();
    return closed == null ? Instant.EPOCH : closed;
  }

  private static boolean isFinal(WorkflowServiceException failure) {
    return FINAL.contains(Status.fromThrowable(failure).getCode());
  }

  private static WorkflowClient client() {
    return Activity.getExecutionContext().getWorkflowClient();
  }
}
