package io.millrace.engine.asset;

import io.temporal.api.enums.v1.WorkflowIdConflictPolicy;
import io.temporal.client.UpdateOptions;
import io.temporal.client.WithStartWorkflowOperation;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowOptions;
import io.temporal.client.WorkflowUpdateStage;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Assets from outside a run: declares who waits for what, and tells of what others have made. */
public final class Assets {

  private final WorkflowClient client;
  private final WorkflowOptions options;

  /**
   * Creates a client.
   *
   * @param taskQueue a queue whose workers were made by {@code DagWorkers}; the hub runs there
   */
  public Assets(WorkflowClient client, String taskQueue) {
    this.client = client;
    this.options =
        WorkflowOptions.newBuilder()
            .setWorkflowId(AssetHub.ID)
            .setTaskQueue(taskQueue)
            .setWorkflowIdConflictPolicy(
                WorkflowIdConflictPolicy.WORKFLOW_ID_CONFLICT_POLICY_USE_EXISTING)
            .build();
  }

  /**
   * Replaces the DAGs that wait for assets, and starts the hub if there is none. Events that came
   * before their asset was declared are not remembered.
   *
   * @return the DAGs' names
   */
  @SuppressWarnings("unchecked") // the update returns strings
  public List<String> declare(List<AssetSchedule> schedules) {
    AssetHub hub = client.newWorkflowStub(AssetHub.class, options);
    return WorkflowClient.executeUpdateWithStart(
        hub::declare,
        schedules,
        UpdateOptions.<List<String>>newBuilder()
            .setWaitForStage(WorkflowUpdateStage.COMPLETED)
            .build(),
        new WithStartWorkflowOperation<>(hub::run, null));
  }

  /**
   * Tells that an asset was made or changed.
   *
   * @param source who says so
   */
  public void emit(Asset asset, @Nullable String partition, String source) {
    client
        .newUntypedWorkflowStub(AssetHub.TYPE, options)
        .signalWithStart(
            "emit",
            new Object[] {new AssetEvent(asset.name(), partition, source, Instant.now())},
            new Object[0]);
  }

  /** The events that wait for others, by DAG. */
  public Map<String, List<AssetEvent>> waiting() {
    return client.newWorkflowStub(AssetHub.class, AssetHub.ID).waiting();
  }
}
