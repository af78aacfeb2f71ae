package io.millrace.engine.replay;

import io.temporal.api.enums.v1.EventType;
import io.temporal.api.enums.v1.WorkflowTaskFailedCause;
import io.temporal.api.history.v1.HistoryEvent;
import io.temporal.api.history.v1.WorkflowTaskFailedEventAttributes;
import io.temporal.client.WorkflowClient;
import io.temporal.common.converter.DataConverter;
import io.temporal.failure.ApplicationFailure;
import io.temporal.failure.TemporalFailure;
import java.util.Iterator;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Why a run that is open does not answer: its workflow task fails and is tried again. */
public final class BrokenRun {

  private BrokenRun() {}

  /**
   * Looks for the cause in the run's history, which keeps the first failure of a workflow task that
   * is tried again and again.
   *
   * @return a sentence with the remedy; empty if the run's last workflow task did not fail, so that
   *     it is rather a worker that is missing
   */
  public static Optional<String> reason(WorkflowClient client, String runId) {
    WorkflowTaskFailedEventAttributes last = null;
    for (Iterator<HistoryEvent> events = client.streamHistory(runId).iterator();
        events.hasNext(); ) {
      HistoryEvent event = events.next();
      if (event.getEventType() == EventType.EVENT_TYPE_WORKFLOW_TASK_FAILED) {
        last = event.getWorkflowTaskFailedEventAttributes();
      } else if (event.getEventType() == EventType.EVENT_TYPE_WORKFLOW_TASK_COMPLETED) {
        last = null;
      }
    }
    if (last == null || !last.hasFailure()) {
      return Optional.empty();
    }
    return Optional.of(reason(last, client.getOptions().getDataConverter(), runId));
  }

  private static String reason(
      WorkflowTaskFailedEventAttributes failed, DataConverter converter, String runId) {
    Throwable failure = converter.failureToException(failed.getFailure());
    String mismatch = mismatch(failure);
    if (mismatch != null) {
      return "run %s cannot go on: its code no longer matches its history: %s"
          .formatted(runId, mismatch);
    }
    if (failed.getCause()
        == WorkflowTaskFailedCause.WORKFLOW_TASK_FAILED_CAUSE_NON_DETERMINISTIC_ERROR) {
      return "run %s cannot go on: its code no longer matches its history: %s; %s"
          .formatted(runId, message(failure), CodeChangedError.REMEDY);
    }
    return "run %s cannot go on: its workflow task fails and is tried again: %s; correct the code and deploy it, or terminate the run and start a rerun"
        .formatted(runId, message(failure));
  }

  /** What a {@link CodeChangedError} said, with its own remedy. */
  private static @Nullable String mismatch(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof ApplicationFailure application
          && application.getType().equals(CodeChangedError.class.getName())) {
        return application.getOriginalMessage();
      }
    }
    return null;
  }

  private static String message(Throwable failure) {
    return failure instanceof TemporalFailure temporal
        ? String.valueOf(temporal.getOriginalMessage())
        : String.valueOf(failure.getMessage());
  }
}
