package io.millrace.workers.cli;

import io.millrace.engine.DagRuns;
import io.millrace.engine.RunReport;
import io.temporal.client.WorkflowFailedException;
import java.time.Duration;
import java.util.concurrent.TimeoutException;

/** The report of a run: one that has ended has it with it, one that goes on is asked for it. */
final class RunReports {
  private static final Duration MOMENT = Duration.ofSeconds(5);

  private final DagRuns runs;

  RunReports(DagRuns runs) {
    this.runs = runs;
  }

  /**
   * The report as it is now.
   *
   * @throws CommandFailure with exit code 3 if no worker answers
   * @throws io.temporal.client.WorkflowNotFoundException if there is no such run
   */
  RunReport of(String id) {
    try {
      return runs.status(id).equals("RUNNING") ? describe(id) : runs.await(id, MOMENT);
    } catch (WorkflowFailedException | TimeoutException e) {
      // Cancelled, or terminated: a worker can still replay it.
      return describe(id);
    }
  }

  private RunReport describe(String id) {
    return WorkerAnswer.of("run '" + id + "'", () -> runs.describe(id));
  }
}
