package io.millrace.engine.matrix;

import io.temporal.activity.ActivityCancellationType;
import io.temporal.activity.ActivityOptions;
import io.temporal.common.RetryOptions;
import io.temporal.workflow.Workflow;
import io.temporal.workflow.WorkflowInterface;
import io.temporal.workflow.WorkflowMethod;
import java.time.Duration;

/** A child run: one activity, whose end it waits for also when it is cancelled. */
@WorkflowInterface
public interface MatrixChild {

  @WorkflowMethod(name = "matrix_child")
  Integer run(String call);

  /** Makes the call. */
  final class Impl implements MatrixChild {
    @Override
    public Integer run(String call) {
      ActivityOptions.Builder options =
          ActivityOptions.newBuilder()
              .setStartToCloseTimeout(Duration.ofHours(1))
              .setRetryOptions(RetryOptions.newBuilder().setMaximumAttempts(1).build())
              .setCancellationType(ActivityCancellationType.WAIT_CANCELLATION_COMPLETED);
      if (call.startsWith(MatrixDag.HEARTBEATING)) {
        options.setHeartbeatTimeout(MatrixDag.HEARTBEAT);
      }
      return Workflow.newActivityStub(MatrixWork.class, options.build()).act(call);
    }
  }
}
