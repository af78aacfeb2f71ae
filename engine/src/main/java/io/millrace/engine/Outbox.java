package io.millrace.engine;

import io.millrace.engine.asset.AssetEvent;
import io.millrace.engine.asset.AssetHubRun;
import io.temporal.workflow.Promise;
import io.temporal.workflow.Workflow;
import java.util.ArrayList;
import java.util.List;

/** What a run has told the asset hub: it must have left before the run closes, or it is lost. */
final class Outbox {

  private final List<Promise<Void>> sent = new ArrayList<>();

  /**
   * Sends what a task has made.
   *
   * @param source the run and the task
   */
  void send(AssetEvent made, String source) {
    sent.add(
        AssetHubRun.send(new AssetEvent(made.asset(), made.partition(), source, DagRun.now())));
  }

  /** Waits, also if the run is cancelled, until everything has left. */
  void flush() {
    Workflow.newDetachedCancellationScope(
            () -> Workflow.await(() -> sent.stream().allMatch(Promise::isCompleted)))
        .run();
  }
}
