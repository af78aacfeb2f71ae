package io.millrace.workers.cli;

import io.grpc.StatusRuntimeException;
import io.millrace.engine.DagRuns;
import io.millrace.engine.RunReport;
import io.temporal.client.WorkflowException;
import io.temporal.client.WorkflowFailedException;
import io.temporal.client.WorkflowNotFoundException;
import io.temporal.client.WorkflowServiceException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/** Waits for a run and shows its tasks meanwhile. */
public final class RunWatch {
  private static final Duration STEP = Duration.ofMillis(700);
  private static final Duration PATIENCE = Duration.ofMinutes(2);

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
   * Waits, telling the listener how the run stands. Bears a server that is busy or away for a
   * while.
   *
   * @throws CommandFailure if the run ends without a report, or not within the limit
   */
  public RunReport await(String runId, Duration limit, Consumer<RunReport> listener) {
    long deadline = System.nanoTime() + limit.toNanos();
    long answered = System.nanoTime();
    while (System.nanoTime() < deadline) {
      try {
        return runs.await(runId, STEP);
      } catch (TimeoutException e) {
        answered = System.nanoTime();
        describe(runId, listener);
      } catch (WorkflowFailedException e) {
        throw CommandFailure.failed("run " + runId + " ended early: " + DagRuns.explain(e), e);
      } catch (WorkflowNotFoundException e) {
        throw CommandFailure.failed("there is no run " + runId + " any more", e);
      } catch (WorkflowServiceException e) {
        if (System.nanoTime() - answered > PATIENCE.toNanos()) {
          throw e;
        }
        pause();
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

  private static void pause() {
    try {
      TimeUnit.MILLISECONDS.sleep(STEP.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw CommandFailure.failed("interrupted; the run goes on");
    }
  }

  /** A run that no worker has picked up yet cannot answer; that shows soon enough. */
  private void describe(String runId, Consumer<RunReport> listener) {
    try {
      listener.accept(runs.describe(runId));
    } catch (WorkflowException | StatusRuntimeException | DagRuns.Refused e) {
      // Asked again with the next step.
    }
  }
}
