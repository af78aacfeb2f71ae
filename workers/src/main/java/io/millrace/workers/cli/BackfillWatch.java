package io.millrace.workers.cli;

import io.grpc.StatusRuntimeException;
import io.millrace.engine.DagRuns;
import io.millrace.engine.backfill.BackfillReport;
import io.millrace.engine.backfill.Backfills;
import io.temporal.client.WorkflowException;
import io.temporal.client.WorkflowFailedException;
import io.temporal.client.WorkflowNotFoundException;
import io.temporal.client.WorkflowServiceException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Waits for a backfill and shows its counts meanwhile. Bears a server that is away for a while. */
final class BackfillWatch {
  private static final Duration STEP = Duration.ofMillis(700);
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private final Console console;
  private final Backfills backfills;

  BackfillWatch(Console console, Backfills backfills) {
    this.console = console;
    this.backfills = backfills;
  }

  /**
   * Waits.
   *
   * @throws CommandFailure if it ends without a report
   */
  BackfillReport await(String id) {
    LiveLines screen = new LiveLines(console);
    long answered = System.nanoTime();
    try {
      while (true) {
        try {
          return backfills.await(id, STEP);
        } catch (TimeoutException e) {
          answered = System.nanoTime();
          draw(screen, id);
        } catch (WorkflowFailedException e) {
          throw CommandFailure.failed("backfill " + id + " ended: " + DagRuns.explain(e), e);
        } catch (WorkflowNotFoundException e) {
          throw CommandFailure.failed("there is no backfill " + id + " any more", e);
        } catch (WorkflowServiceException e) {
          if (System.nanoTime() - answered > PATIENCE.toNanos()) {
            throw e;
          }
          pause();
        }
      }
    } finally {
      screen.erase();
    }
  }

  /** A backfill that no worker has picked up yet cannot answer; that shows soon enough. */
  private void draw(LiveLines screen, String id) {
    try {
      screen.draw(List.of(BackfillShow.counts(backfills.describe(id))));
    } catch (WorkflowException | StatusRuntimeException e) {
      // Asked again with the next step.
    }
  }

  private static void pause() {
    try {
      TimeUnit.MILLISECONDS.sleep(STEP.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw CommandFailure.failed("interrupted; the backfill goes on");
    }
  }
}
