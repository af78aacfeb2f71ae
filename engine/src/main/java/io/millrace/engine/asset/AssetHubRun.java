package io.millrace.engine.asset;

import io.millrace.engine.asset.AssetMessage.Introduction;
import io.temporal.failure.ApplicationFailure;
import io.temporal.workflow.Async;
import io.temporal.workflow.Promise;
import io.temporal.workflow.Workflow;
import io.temporal.workflow.WorkflowInit;
import io.temporal.workflow.WorkflowLock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/**
 * The hub as an entity workflow, which continues as new when its history grows long.
 *
 * <p>An execution that an earlier build began goes on as that build did, event by event, or it
 * would not replay. It continues as new, divided, as soon as it gets what only this build sends.
 */
public final class AssetHubRun implements AssetHub {
  private static final Logger logger = Workflow.getLogger(AssetHubRun.class);

  /** Messages that the server refused, to be shown. */
  private static final int MAX_REFUSED = 20;

  private final AssetPost post = AssetPost.patient();
  private final UndividedHub undivided = new UndividedHub();
  private final HubRegister register = new HubRegister();
  private final List<String> refused = new ArrayList<>();

  /** Assets that wait for what the hub knows of them. */
  private final List<String> early = new ArrayList<>();

  private final WorkflowLock declaring = Workflow.newWorkflowLock();
  private final boolean isDivided;
  private boolean isReady;
  private boolean divide;

  /** Opens the books before any handler runs. */
  @WorkflowInit
  public AssetHubRun(@Nullable HubState state) {
    isDivided = state != null && state.register() != null;
    if (state == null) {
      return;
    }
    if (state.register() != null) {
      register.restore(state.schedules(), state.register());
    } else {
      undivided.restore(state);
    }
  }

  @Override
  public void run(@Nullable HubState state) {
    if (isDivided && state != null) {
      serve(state);
    } else {
      runUndivided();
    }
  }

  private void serve(HubState state) {
    if (state.log() != null) {
      tellOf(send(register.handOver(state, Workflow.currentTimeMillis())));
    }
    isReady = true;
    early.forEach(register::welcome);
    while (true) {
      show();
      Workflow.await(() -> register.hasForward() || isHistoryLong());
      if (register.hasForward()) {
        tellOf(post.sendInOrder(register.takeForward()));
      } else {
        Workflow.await(Workflow::isEveryHandlerFinished);
        if (!register.hasForward()) {
          Workflow.continueAsNew(register.state());
        }
      }
    }
  }

  private void runUndivided() {
    show();
    Workflow.await(() -> isHistoryLong() || divide);
    Workflow.await(() -> Workflow.isEveryHandlerFinished() && undivided.hasStartedAll());
    Workflow.continueAsNew(undivided.state(register.state().register()));
  }

  private static boolean isHistoryLong() {
    return Workflow.getInfo().isContinueAsNewSuggested();
  }

  /** Nothing can be done about what the server refuses, but it is not passed over in silence. */
  private void tellOf(List<AssetMessage> messages) {
    for (AssetMessage message : messages) {
      logger.error("The server refuses {}: it is lost", message.target());
      refused.add(message.target().workflowId());
    }
    while (refused.size() > MAX_REFUSED) {
      refused.remove(0);
    }
  }

  @Override
  public void emit(AssetEvent event) {
    if (isDivided) {
      register.forward(event);
    } else {
      undivided.take(event);
      show();
    }
  }

  @Override
  public void deliver(AssetDelivery delivery) {
    if (isDivided) {
      register.forward(delivery);
    } else {
      undivided.take(delivery);
      show();
    }
  }

  @Override
  public void introduce(Introduction introduction) {
    register.introduce(introduction.asset());
    divide = true;
    if (introduction.isNew() && isReady) {
      register.welcome(introduction.asset());
    } else if (introduction.isNew()) {
      early.add(introduction.asset());
    }
  }

  @Override
  public void divide() {
    divide = true;
  }

  @Override
  public List<String> declare(List<AssetSchedule> schedules) {
    if (isDivided) {
      return subscribe(schedules);
    }
    undivided.queues().declare(schedules);
    show();
    return schedules.stream().map(AssetSchedule::dag).toList();
  }

  @Override
  public List<String> subscribe(List<AssetSchedule> schedules) {
    if (!isDivided) {
      divide = true;
      return declare(schedules);
    }
    return change(schedules, now -> register.declareUnowned(schedules, now));
  }

  @Override
  public List<String> register(AssetDeclaration declaration) {
    if (isDivided) {
      return change(declaration.schedules(), now -> register.declare(declaration, now));
    }
    divide = true;
    undivided
        .queues()
        .declare(register.owners().replace(declaration, undivided.queues().schedules()));
    show();
    return declaration.schedules().stream().map(AssetSchedule::dag).toList();
  }

  /**
   * One declaration after another: who has nothing to send still waits until what an earlier one
   * sends has arrived.
   */
  private List<String> change(
      List<AssetSchedule> declared, LongFunction<List<AssetMessage>> change) {
    declaring.lock();
    try {
      Workflow.await(() -> isReady);
      List<AssetMessage> unknown = send(change.apply(Workflow.currentTimeMillis()));
      for (AssetMessage message : unknown) {
        if (declared.stream().anyMatch(schedule -> HubConsumers.concerns(message, schedule))) {
          throw ApplicationFailure.newFailure(
              "The server refuses %s; declare without it".formatted(message.target()),
              "AssetMessageRefused");
        }
      }
      tellOf(unknown);
    } finally {
      declaring.unlock();
    }
    show();
    return declared.stream().map(AssetSchedule::dag).toList();
  }

  /** Returns what the server refuses. */
  private List<AssetMessage> send(List<AssetMessage> messages) {
    List<AssetMessage> unknown = post.sendInOrder(messages);
    register.sent(messages, unknown);
    return unknown;
  }

  @Override
  public Map<String, AssetOwner> owners() {
    return register.owners().all();
  }

  @Override
  public List<AssetSchedule> schedules() {
    return List.copyOf(isDivided ? register.schedules() : undivided.queues().schedules());
  }

  @Override
  public List<String> names() {
    return isDivided
        ? List.copyOf(register.names())
        : undivided.log().assets(undivided.queues().schedules()).stream()
            .map(AssetReport::asset)
            .toList();
  }

  @Override
  public Map<String, List<AssetEvent>> waiting() {
    return undivided.queues().waiting();
  }

  @Override
  public List<AssetReport> assets() {
    return undivided.log().assets(undivided.queues().schedules());
  }

  @Override
  public List<AssetEvent> events() {
    return undivided.log().latest();
  }

  private void show() {
    StringBuilder details = new StringBuilder("### Assets\n\n```text\n");
    for (AssetSchedule schedule : schedules()) {
      AssetOwner owner = register.owners().of(schedule.dag());
      details.append(
          "%s%s waits for %s%n"
              .formatted(
                  schedule.dag(),
                  owner == null ? "" : " of " + owner,
                  schedule.condition().assets()));
    }
    details.append(refused.isEmpty() ? "" : "refused by the server: %s%n".formatted(refused));
    Workflow.setCurrentDetails(details.append("```\n").toString());
  }

  /** Sends an event from a run that began on an earlier build, whose history has it so. */
  public static Promise<Void> send(AssetEvent event) {
    AssetHub hub = Workflow.newExternalWorkflowStub(AssetHub.class, ID);
    return Async.procedure(hub::emit, event).handle((sent, noHub) -> null);
  }
}
