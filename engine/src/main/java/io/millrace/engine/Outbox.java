package io.millrace.engine;

import io.millrace.engine.asset.AssetEmissions;
import io.millrace.engine.asset.AssetEvent;
import io.millrace.engine.asset.AssetHubRun;
import io.temporal.workflow.Promise;
import io.temporal.workflow.Workflow;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a run sends to the assets: it must have left before the run closes, or it is lost. One
 * message is under way at a time; what is made meanwhile goes together in the next.
 */
final class Outbox {

  private static final String CHANGE = "asset-emissions";

  private final List<Promise<Void>> sent = new ArrayList<>();
  private @Nullable AssetEmissions emissions;

  /**
   * Decides how events are sent. A run that began on an earlier build sends to the hub, as its
   * history has it, and not the assets.
   *
   * @param hasOutlets whether a task of the run names an asset; without, nothing is decided
   */
  void open(boolean hasOutlets) {
    if (hasOutlets
        && Workflow.getVersion(CHANGE, Workflow.DEFAULT_VERSION, 1) != Workflow.DEFAULT_VERSION) {
      emissions = new AssetEmissions();
    }
  }

  /**
   * Sends what a task has made.
   *
   * @param source the run and the task
   */
  void send(AssetEvent made, String source) {
    AssetEvent event = new AssetEvent(made.asset(), made.partition(), source, DagRun.now());
    if (emissions == null) {
      sent.add(AssetHubRun.send(event));
    } else {
      emissions.add(event);
    }
  }

  /** Waits, also if the run is cancelled, until everything has left. */
  void flush() {
    Workflow.newDetachedCancellationScope(
            () ->
                Workflow.await(
                    () ->
                        sent.stream().allMatch(Promise::isCompleted)
                            && (emissions == null || emissions.isEmpty())))
        .run();
  }
}
