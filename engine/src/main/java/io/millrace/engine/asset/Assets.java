package io.millrace.engine.asset;

import io.millrace.engine.deployment.Answers;
import io.temporal.api.enums.v1.WorkflowIdConflictPolicy;
import io.temporal.client.UpdateOptions;
import io.temporal.client.WithStartWorkflowOperation;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowNotFoundException;
import io.temporal.client.WorkflowOptions;
import io.temporal.client.WorkflowUpdateStage;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Assets from outside a run: declares who waits for what, and tells of what others have made. */
public final class Assets {

  private static final Duration LIMIT = Duration.ofSeconds(10);

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
    emit(new AssetEvent(asset.name(), partition, source, Instant.now()));
  }

  /** Tells that an asset was made or changed. */
  public void emit(AssetEvent event) {
    signal("emit", event);
  }

  /**
   * Hands over records of an outside log. When this returns they are on record in the server and
   * will be taken, each once, also if the same are delivered again.
   */
  public void deliver(AssetDelivery delivery) {
    signal("deliver", delivery);
  }

  private void signal(String name, Object argument) {
    client
        .newUntypedWorkflowStub(AssetHub.TYPE, options)
        .signalWithStart(name, new Object[] {argument}, new Object[0]);
  }

  /** The events that wait for others, by DAG. */
  public Map<String, List<AssetEvent>> waiting() {
    return ask(AssetHub::waiting, Map.of());
  }

  /** Who waits for what. */
  public List<AssetSchedule> schedules() {
    return ask(AssetHub::schedules, List.of());
  }

  /** Every asset that was made or is waited for, by name. */
  public List<AssetReport> list() {
    return ask(AssetHub::assets, List.of());
  }

  /** The last events, at most 200 of all assets together, the latest first. */
  public List<AssetEvent> events() {
    return ask(AssetHub::events, List.of());
  }

  /** Without a hub there is nothing yet. */
  private <T> T ask(Function<AssetHub, T> question, T nothing) {
    try {
      AssetHub hub = client.newWorkflowStub(AssetHub.class, AssetHub.ID);
      return Answers.within(LIMIT, () -> question.apply(hub));
    } catch (WorkflowNotFoundException e) {
      return nothing;
    }
  }
}
