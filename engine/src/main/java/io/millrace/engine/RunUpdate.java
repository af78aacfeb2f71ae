package io.millrace.engine;

import io.grpc.Context;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowUpdateException;
import io.temporal.client.WorkflowUpdateTimeoutOrCancelledException;
import io.temporal.failure.ApplicationFailure;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** An update that is sent to a run. */
final class RunUpdate {

  /** A run that no worker takes up does not answer: that is told after this time. */
  private static final Duration LIMIT = Duration.ofSeconds(30);

  private RunUpdate() {}

  /**
   * Sends an update and waits for what it returns.
   *
   * @throws DagRuns.Refused with the run's own reason, or that it did not answer
   */
  static <T> T send(
      WorkflowClient client, String runId, String name, Class<T> type, Object request) {
    ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
    try (Context.CancellableContext limited =
        Context.current().withDeadlineAfter(LIMIT.toSeconds(), TimeUnit.SECONDS, clock)) {
      return limited.call(() -> client.newUntypedWorkflowStub(runId).update(name, type, request));
    } catch (WorkflowUpdateException e) {
      throw new DagRuns.Refused(reason(e), false, e);
    } catch (WorkflowUpdateTimeoutOrCancelledException e) {
      throw new DagRuns.Refused(
          "run %s did not answer within %d s; does a worker that knows its DAG run?"
              .formatted(runId, LIMIT.toSeconds()),
          false,
          e);
    } catch (RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new IllegalStateException("Update '%s' of run %s".formatted(name, runId), e);
    } finally {
      clock.shutdownNow();
    }
  }

  private static String reason(WorkflowUpdateException refusal) {
    Throwable cause = refusal.getCause();
    if (cause instanceof ApplicationFailure failure) {
      return failure.getOriginalMessage();
    }
    return String.valueOf(cause == null ? refusal.getMessage() : cause.getMessage());
  }
}
