package io.millrace.engine;

import io.grpc.StatusRuntimeException;
import io.millrace.engine.deployment.Answers;
import io.millrace.engine.replay.BrokenRun;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowException;
import io.temporal.client.WorkflowQueryException;
import io.temporal.client.WorkflowServiceException;
import io.temporal.client.WorkflowUpdateException;
import io.temporal.client.WorkflowUpdateTimeoutOrCancelledException;
import io.temporal.failure.ApplicationFailure;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is asked of a run. One that does not answer says why in time: no worker takes it up, or its
 * code no longer matches its history and its workflow task fails.
 */
final class RunUpdate {

  private static final Logger logger = LoggerFactory.getLogger(RunUpdate.class);

  /** The server keeps an update that no worker has taken. */
  private static final String LATER = "(The request may still be carried out later.)";

  private static final Duration PAUSE = Duration.ofMillis(50);

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
      String missing =
          "run %s did not answer within %d s; does a worker that knows its DAG run?"
              .formatted(runId, limit.toSeconds());
      String reason = broken(client, runId).orElse(missing);
      throw new DagRuns.Refused(reason + " " + LATER, false, e);
    } catch (WorkflowServiceException | StatusRuntimeException e) {
      throw unanswered(client, runId, e);
    }
  }

  /**
   * Asks a run a question that only its code can answer. A run that has only begun, as a rerun that
   * reads the results of the former run, is asked again until the limit.
   *
   * @throws DagRuns.Refused if the run's workflow task fails, with the reason
   * @throws RuntimeException what the question throws otherwise
   */
  static <T> T ask(
      WorkflowClient client, Duration limit, String runId, String query, Class<T> type) {
    long end = System.nanoTime() + limit.toNanos();
    while (true) {
      try {
        return Answers.within(limit, () -> client.newUntypedWorkflowStub(runId).query(query, type));
      } catch (WorkflowServiceException | WorkflowQueryException | StatusRuntimeException e) {
        if (!hasOnlyBegun(e) || System.nanoTime() > end) {
          throw unanswered(client, runId, e);
        }
        LockSupport.parkNanos(PAUSE.toNanos());
      }
    }
  }

  private static boolean hasOnlyBegun(RuntimeException failure) {
    return failure instanceof WorkflowQueryException
        && failure.getCause() != null
        && String.valueOf(failure.getCause().getMessage()).contains(DagWorkflow.NOT_BUILT);
  }

  /** The failure itself, unless the run is broken. */
  private static RuntimeException unanswered(
      WorkflowClient client, String runId, RuntimeException failure) {
    return broken(client, runId)
        .or(() -> BrokenRun.reason(runId, failure))
        .<RuntimeException>map(reason -> new DagRuns.Refused(reason, false, failure))
        .orElse(failure);
  }

  private static Optional<String> broken(WorkflowClient client, String runId) {
    try {
      return BrokenRun.reason(client, runId);
    } catch (WorkflowException | StatusRuntimeException e) {
      logger.debug("The history of run {} cannot be read to say why it does not answer", runId, e);
      return Optional.empty();
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
