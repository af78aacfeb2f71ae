package io.millrace.workers.cli;

import io.grpc.StatusRuntimeException;
import io.millrace.engine.DagRuns;
import io.millrace.engine.RunReport;
import io.temporal.client.WorkflowException;
import io.temporal.client.WorkflowFailedException;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/** Waits for a run and shows its tasks meanwhile. */
public final class RunWatch {
  private static final Duration STEP = Duration.ofMillis(700);

  private final DagRuns runs;
  private final Console console;

  public RunWatch(Console console, DagRuns runs) {
    this.console = console;
    this.runs = runs;
  }

  /** Waits, drawing the tasks on the terminal if a person watches. */
  RunReport await(String runId, Duration limit) {
    LiveLines screen = new LiveLines(console);
    try {
      return await(runId, limit, report -> screen.draw(RunTree.lines(report)));
    } finally {
      screen.erase();
    }
  }

  /**
   * Waits, telling the listener how the run stands.
   *
   * @throws CommandFailure if the run ends without a report, or not within the limit
   */
  public RunReport await(String runId, Duration limit, Consumer<RunReport> listener) {
    long deadline = System.nanoTime() + limit.toNanos();
    while (System.nanoTime() < deadline) {
      try {
        return runs.await(runId, STEP);
      } catch (TimeoutException e) {
        describe(runId, listener);
      } catch (WorkflowFailedException e) {
        throw CommandFailure.failed("run " + runId + " ended early: " + DagRuns.explain(e));
      }
    }
    throw CommandFailure.failed(
        "run "
            + runId
            + " has not ended within "
            + limit.toSeconds()
            + " s; it goes on. Look at it with: millrace runs show "
            + runId);
  }

  /** A run that no worker has picked up yet cannot answer; that shows soon enough. */
  private void describe(String runId, Consumer<RunReport> listener) {
    try {
      listener.accept(runs.describe(runId));
    } catch (WorkflowException | StatusRuntimeException e) {
      // Asked again with the next step.
    }
  }
}
