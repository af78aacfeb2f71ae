package io.millrace.workers.cli;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.millrace.engine.DagRuns;
import io.temporal.client.WorkflowServiceException;
import java.util.Set;
import java.util.function.Supplier;

/** Asks what only a worker can answer, and tells a missing worker from a missing server. */
final class WorkerAnswer {
  private static final Set<Status.Code> NO_WORKER =
      Set.of(Status.Code.DEADLINE_EXCEEDED, Status.Code.FAILED_PRECONDITION);

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
      if (e.getCause() instanceof StatusRuntimeException grpc
          && NO_WORKER.contains(grpc.getStatus().getCode())) {
        throw CommandFailure.unreachable(
            "no worker answers for " + what + "; `millrace status` shows whether one runs", e);
      }
      throw e;
    }
  }
}
