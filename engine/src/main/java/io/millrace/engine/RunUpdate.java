package io.millrace.engine;

import io.millrace.engine.deployment.Answers;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowUpdateException;
import io.temporal.client.WorkflowUpdateTimeoutOrCancelledException;
import io.temporal.failure.ApplicationFailure;
import java.time.Duration;

/** What is asked of a run. One that no worker takes up does not answer: that is told in time. */
final class RunUpdate {

  private RunUpdate() {}

  /**
   * Sends an update and waits for what it returns.
   *
   * @throws DagRuns.Refused with the run's own reason, or that it did not answer
   */
  static <T> T send(
      WorkflowClient client,
      Duration limit,
      String runId,
      String name,
      Class<T> type,
      Object request) {
    try {
      return Answers.within(
          limit, () -> client.newUntypedWorkflowStub(runId).update(name, type, request));
    } catch (WorkflowUpdateException e) {
      throw new DagRuns.Refused(reason(e), false, e);
    } catch (WorkflowUpdateTimeoutOrCancelledException e) {
      throw new DagRuns.Refused(
          "run %s did not answer within %d s; does a worker that knows its DAG run?"
              .formatted(runId, limit.toSeconds()),
          false,
          e);
    }
  }

  private static boolean isOfReading(Throwable failure) {
    return String.valueOf(failure.getMessage()).contains(" when parsing:");
  }

  private static String reason(WorkflowUpdateException refusal) {
    Throwable cause = refusal.getCause();
    // Of a request that could not be read the SDK says the Java types as well.
    while (cause != null && cause.getCause() != null && isOfReading(cause)) {
      cause = cause.getCause();
    }
    if (cause instanceof ApplicationFailure failure) {
      return failure.getOriginalMessage();
    }
    return String.valueOf(cause == null ? refusal.getMessage() : cause.getMessage());
  }
}
