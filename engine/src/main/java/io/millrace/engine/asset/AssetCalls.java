package io.millrace.engine.asset;

import io.grpc.Status;
import io.temporal.activity.Activity;
import io.temporal.activity.ActivityExecutionContext;
import io.temporal.api.enums.v1.WorkflowIdConflictPolicy;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowOptions;
import io.temporal.client.WorkflowServiceException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Calls the server by the client of the worker that runs the activity. */
public final class AssetCalls implements AssetActivities {
  private static final Logger logger = LoggerFactory.getLogger(AssetCalls.class);

  /** What another attempt cannot change. */
  private static final Set<Status.Code> FINAL =
      EnumSet.of(
          Status.Code.INVALID_ARGUMENT,
          Status.Code.PERMISSION_DENIED,
          Status.Code.UNAUTHENTICATED,
          Status.Code.UNIMPLEMENTED,
          Status.Code.FAILED_PRECONDITION);

  private final @Nullable String home;

  /** New assets start on the task queue of the run that makes them first. */
  public AssetCalls() {
    this(null);
  }

  /**
   * New assets start on a task queue of their own.
   *
   * @param home the queue, or null for that of the run
   */
  public AssetCalls(@Nullable String home) {
    this.home = home;
  }

  @Override
  public List<Integer> send(String taskQueue, AssetMail mail) {
    List<AssetMessage> messages = mail.messages();
    ActivityExecutionContext context = Activity.getExecutionContext();
    WorkflowClient client = context.getWorkflowClient();
    List<Integer> refused = new ArrayList<>();
    for (int i = 0; i < messages.size(); i++) {
      AssetMessage message = messages.get(i);
      try {
        send(client, home == null ? taskQueue : home, message);
      } catch (WorkflowServiceException e) {
        if (!FINAL.contains(Status.fromThrowable(e).getCode())) {
          throw e;
        }
        logger.warn("{} is not accepted: {}", message.target(), Status.fromThrowable(e));
        refused.add(i);
      }
      context.heartbeat(i);
    }
    return refused;
  }

  /** Sends one message. Returns when it is on record in the server. */
  static void send(WorkflowClient client, String taskQueue, AssetMessage message) {
    AssetMessage.Target target = message.target();
    Object[] start =
        target.type().equals(AssetHub.TYPE)
            ? new Object[] {AssetHub.HubState.SHARDED}
            : new Object[] {null};
    client
        .newUntypedWorkflowStub(target.type(), options(target.workflowId(), taskQueue))
        .signalWithStart(target.signal(), new Object[] {message}, start);
  }

  static WorkflowOptions options(String workflowId, String taskQueue) {
    return WorkflowOptions.newBuilder()
        .setWorkflowId(workflowId)
        .setTaskQueue(taskQueue)
        .setStaticSummary(workflowId.replace('/', ' '))
        .setWorkflowIdConflictPolicy(
            WorkflowIdConflictPolicy.WORKFLOW_ID_CONFLICT_POLICY_USE_EXISTING)
        .build();
  }
}
