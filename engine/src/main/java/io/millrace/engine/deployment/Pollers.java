package io.millrace.engine.deployment;

import com.google.protobuf.util.Timestamps;
import io.temporal.api.deployment.v1.WorkerDeploymentOptions;
import io.temporal.api.enums.v1.TaskQueueType;
import io.temporal.api.enums.v1.WorkerVersioningMode;
import io.temporal.api.taskqueue.v1.PollerInfo;
import io.temporal.api.taskqueue.v1.TaskQueue;
import io.temporal.api.workflowservice.v1.DescribeTaskQueueRequest;
import io.temporal.client.WorkflowClient;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Who asks which task queue for work, as the server says. */
public final class Pollers {

  private static final Map<String, TaskQueueType> KINDS =
      new TreeMap<>(
          Map.of(
              "workflow", TaskQueueType.TASK_QUEUE_TYPE_WORKFLOW,
              "activity", TaskQueueType.TASK_QUEUE_TYPE_ACTIVITY));

  private final WorkflowClient client;
  private final Clock clock;

  /** Creates a client; the clock says which have been silent for too long. */
  public Pollers(WorkflowClient client, Clock clock) {
    this.client = client;
    this.clock = clock;
  }

  /** The workers of some task queues that are alive. */
  public List<Poller> alive(Collection<String> queues) {
    Instant now = clock.instant();
    List<Poller> alive = new ArrayList<>();
    for (String queue : queues) {
      KINDS.forEach(
          (kind, type) ->
              describe(queue, type).stream()
                  .map(poller -> poller(queue, kind, poller))
                  .filter(poller -> poller.isAlive(now))
                  .forEach(alive::add));
    }
    return alive;
  }

  private List<PollerInfo> describe(String queue, TaskQueueType type) {
    return client
        .getWorkflowServiceStubs()
        .blockingStub()
        .describeTaskQueue(
            DescribeTaskQueueRequest.newBuilder()
                .setNamespace(client.getOptions().getNamespace())
                .setTaskQueue(TaskQueue.newBuilder().setName(queue))
                .setTaskQueueType(type)
                .build())
        .getPollersList();
  }

  private static Poller poller(String queue, String kind, PollerInfo info) {
    WorkerDeploymentOptions version = info.getDeploymentOptions();
    boolean versioned =
        version.getWorkerVersioningMode() == WorkerVersioningMode.WORKER_VERSIONING_MODE_VERSIONED;
    return new Poller(
        queue,
        kind,
        info.getIdentity(),
        versioned ? version.getDeploymentName() : null,
        versioned ? version.getBuildId() : null,
        Instant.ofEpochMilli(Timestamps.toMillis(info.getLastAccessTime())));
  }
}
