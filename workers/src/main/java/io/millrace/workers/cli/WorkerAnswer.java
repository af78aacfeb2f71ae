package io.millrace.workers.cli;

import io.millrace.engine.DagRuns;
import io.millrace.engine.deployment.Answers;
import io.temporal.client.WorkflowServiceException;
import java.util.function.Supplier;

/** Asks what only a worker can answer, and tells a missing worker from a missing server. */
final class WorkerAnswer {
  private WorkerAnswer() {}

  /**
   * Asks.
   *
   * @param what whom, for example {@code run 'nightly-…'}
   * @throws CommandFailure with exit code 3 if no worker answers; with 1 and the reason if a run
   *     cannot answer because its code no longer fits its history
   */
  static <T> T of(String what, Supplier<T> question) {
    try {
      return question.get();
    } catch (DagRuns.Refused e) {
      throw CommandFailure.failed(String.valueOf(e.getMessage()));
    } catch (WorkflowServiceException e) {
      if (Answers.isWithoutWorker(e)) {
        throw CommandFailure.unreachable(
            "no worker answers for " + what + "; `millrace status` shows whether one runs", e);
      }
      throw e;
    }
  }
}
