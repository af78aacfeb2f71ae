package io.millrace.engine;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.temporal.activity.Activity;
import io.temporal.activity.ActivityInterface;
import io.temporal.activity.ActivityMethod;
import io.temporal.api.enums.v1.TaskQueueType;
import io.temporal.api.taskqueue.v1.PollerInfo;
import io.temporal.api.taskqueue.v1.TaskQueue;
import io.temporal.api.workflowservice.v1.DescribeTaskQueueRequest;
import io.temporal.client.WorkflowClient;
import org.jspecify.annotations.Nullable;

/** Asks the server who polls a task queue. */
@ActivityInterface
public interface QueuePollers {

  /** Whether workers without a version poll the workflows of a task queue beside this one. */
  @ActivityMethod(name = "millrace_queue_pollers")
  boolean othersWithoutVersion(String taskQueue);

  /** Asks by the worker's own client. */
  final class Impl implements QueuePollers {
    private final @Nullable String identity;

    /**
     * Asks for one worker.
     *
     * @param identity its own, or null if it has that of its client
     */
    Impl(@Nullable String identity) {
      this.identity = identity;
    }

    @Override
    public boolean othersWithoutVersion(String taskQueue) {
      WorkflowClient client = Activity.getExecutionContext().getWorkflowClient();
      String own = identity == null ? client.getOptions().getIdentity() : identity;
      try {
        return client
            .getWorkflowServiceStubs()
            .blockingStub()
            .describeTaskQueue(
                DescribeTaskQueueRequest.newBuilder()
                    .setNamespace(client.getOptions().getNamespace())
                    .setTaskQueue(TaskQueue.newBuilder().setName(taskQueue))
                    .setTaskQueueType(TaskQueueType.TASK_QUEUE_TYPE_WORKFLOW)
                    .build())
            .getPollersList()
            .stream()
            .anyMatch(poller -> !poller.getIdentity().equals(own) && hasNoVersion(poller));
      } catch (StatusRuntimeException e) {
        if (e.getStatus().getCode() == Status.Code.UNIMPLEMENTED) {
          return false; // the in-memory server of tests, which has one worker
        }
        throw e;
      }
    }

    private static boolean hasNoVersion(PollerInfo poller) {
      return poller.getDeploymentOptions().getBuildId().isEmpty();
    }
  }
}
