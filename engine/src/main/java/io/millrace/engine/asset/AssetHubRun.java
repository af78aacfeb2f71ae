package io.millrace.engine.asset;

import io.temporal.api.enums.v1.ParentClosePolicy;
import io.temporal.workflow.Async;
import io.temporal.workflow.ChildWorkflowOptions;
import io.temporal.workflow.ChildWorkflowStub;
import io.temporal.workflow.Promise;
import io.temporal.workflow.Workflow;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The hub as an entity workflow: it waits for events, and continues as new when it grows long. */
public final class AssetHubRun implements AssetHub {

  /** The field of a DAG's input that speaks of the run itself. */
  private static final String RUN_OPTIONS = "$run";

  private final AssetQueues queues = new AssetQueues();
  private final AssetLog log = new AssetLog();
  private final List<Promise<?>> starting = new ArrayList<>();
  private int started;

  @Override
  public void run(@Nullable HubState state) {
    if (state != null) {
      queues.restore(state);
      log.restore(state.log());
    }
    show();
    Workflow.await(() -> Workflow.getInfo().isContinueAsNewSuggested());
    // A child run that has not started yet would be lost with this execution.
    Workflow.await(
        () ->
            Workflow.isEveryHandlerFinished() && starting.stream().allMatch(Promise::isCompleted));
    Workflow.continueAsNew(
        new HubState(List.copyOf(queues.schedules()), queues.waiting(), log.state()));
  }

  @Override
  public void emit(AssetEvent event) {
    take(event);
    show();
  }

  @Override
  public void deliver(AssetDelivery delivery) {
    log.take(delivery).forEach(this::take);
    show();
  }

  private void take(AssetEvent event) {
    log.add(event);
    queues.add(event).forEach(this::start);
  }

  @Override
  public List<String> declare(List<AssetSchedule> schedules) {
    queues.declare(schedules);
    show();
    return schedules.stream().map(AssetSchedule::dag).toList();
  }

  @Override
  public Map<String, List<AssetEvent>> waiting() {
    return queues.waiting();
  }

  @Override
  public List<AssetSchedule> schedules() {
    return List.copyOf(queues.schedules());
  }

  @Override
  public List<AssetReport> assets() {
    return log.assets(queues.schedules());
  }

  @Override
  public List<AssetEvent> events() {
    return log.latest();
  }

  /** A run whose id was used in the same millisecond gets a number as well. */
  private void start(AssetQueues.Due due) {
    AssetSchedule schedule = due.schedule();
    String id =
        "%s-asset-%s-%d"
            .formatted(
                schedule.dag(), Instant.ofEpochMilli(Workflow.currentTimeMillis()), started++);
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
        run.executeAsync(
                Object.class, Map.of(RUN_OPTIONS, Map.of("triggeringEvents", due.events())))
            .handle((value, failure) -> null);
    starting.removeIf(Promise::isCompleted);
    starting.add(run.getExecution().handle((execution, failure) -> null));
  }

  private void show() {
    StringBuilder details = new StringBuilder("### Assets\n\n```text\n");
    for (AssetSchedule schedule : queues.schedules()) {
      List<AssetEvent> waiting = queues.waiting().getOrDefault(schedule.dag(), List.of());
      details.append(
          "%s waits for %s; has %s%n"
              .formatted(
                  schedule.dag(),
                  schedule.condition().assets(),
                  waiting.stream().map(AssetEvent::asset).distinct().toList()));
    }
    Workflow.setCurrentDetails(details.append("```\n").toString());
  }

  /** Sends an event from a workflow; without a hub nobody waits for it, and nothing happens. */
  public static Promise<Void> send(AssetEvent event) {
    AssetHub hub = Workflow.newExternalWorkflowStub(AssetHub.class, ID);
    return Async.procedure(hub::emit, event).handle((sent, noHub) -> null);
  }
}
