package io.millrace.engine.asset;

import io.millrace.engine.asset.AssetHub.HubState;
import io.temporal.workflow.Promise;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a hub of an earlier build does, which holds all events itself and starts all runs. */
final class UndividedHub {

  private final AssetQueues queues = new AssetQueues();
  private final AssetLog log = new AssetLog();
  private final List<Promise<?>> starting = new ArrayList<>();
  private int started;

  void restore(HubState state) {
    queues.restore(state);
    log.restore(state.log());
  }

  /**
   * All that it holds.
   *
   * @param register what else the hub knows
   */
  HubState state(HubRegister.@Nullable State register) {
    return new HubState(List.copyOf(queues.schedules()), queues.waiting(), log.state(), register);
  }

  AssetQueues queues() {
    return queues;
  }

  AssetLog log() {
    return log;
  }

  void take(AssetEvent event) {
    log.add(event);
    queues.add(event).forEach(this::start);
  }

  void take(AssetDelivery delivery) {
    log.take(delivery).forEach(this::take);
  }

  private void start(AssetQueues.Due due) {
    starting.removeIf(Promise::isCompleted);
    starting.add(AssetRuns.start(due.schedule(), started++, due.events()));
  }

  /** Whether each child run has started: one that has not would be lost with this execution. */
  boolean hasStartedAll() {
    return starting.stream().allMatch(Promise::isCompleted);
  }
}
