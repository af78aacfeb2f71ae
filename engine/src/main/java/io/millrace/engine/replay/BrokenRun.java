package io.millrace.engine.replay;

import io.temporal.api.enums.v1.EventType;
import io.temporal.api.enums.v1.WorkflowTaskFailedCause;
import io.temporal.api.history.v1.HistoryEvent;
import io.temporal.api.history.v1.WorkflowTaskFailedEventAttributes;
import io.temporal.client.WorkflowClient;
import io.temporal.common.converter.DataConverter;
import io.temporal.failure.ApplicationFailure;
import io.temporal.failure.TemporalFailure;
import io.temporal.worker.NonDeterministicException;
import java.util.EnumSet;
import java.util.Iterator;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Why a run that is open does not answer: its workflow task fails and is tried again. */
public final class BrokenRun {

  private static final Set<EventType> GOES_ON_OR_HAS_ENDED =
      EnumSet.of(
          EventType.EVENT_TYPE_WORKFLOW_TASK_COMPLETED,
          EventType.EVENT_TYPE_WORKFLOW_EXECUTION_TERMINATED,
          EventType.EVENT_TYPE_WORKFLOW_EXECUTION_TIMED_OUT);

  /** How the SDK writes the failure of a replay into that of a query. */
  private static final Pattern MISMATCH =
      Pattern.compile(
          "(?:%s: |%s: )(.*)"
              .formatted(
                  Pattern.quote(CodeChangedError.class.getName()),
                  Pattern.quote(NonDeterministicException.class.getName())));

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
      } else if (GOES_ON_OR_HAS_ENDED.contains(event.getEventType())) {
        last = null;
      }
    }
    if (last == null || !last.hasFailure()) {
      return Optional.empty();
    }
    return Optional.of(reason(last, client.getOptions().getDataConverter(), runId));
  }

  /**
   * Looks for the cause in the failure of a query, whose replay meets the mismatch before a
   * workflow task does if nothing happens in the run.
   */
  public static Optional<String> reason(String runId, Throwable queryFailure) {
    for (Throwable cause = queryFailure; cause != null; cause = cause.getCause()) {
      Matcher mismatch = MISMATCH.matcher(String.valueOf(cause.getMessage()));
      if (mismatch.find()) {
        return Optional.of(
            withRemedy(
                "run %s cannot go on: its code no longer matches its history: %s"
                    .formatted(runId, mismatch.group(1))));
      }
    }
    return Optional.empty();
  }

  private static String withRemedy(String reason) {
    return reason.contains(CodeChangedError.REMEDY)
        ? reason
        : reason + "; " + CodeChangedError.REMEDY;
  }

  private static String reason(
      WorkflowTaskFailedEventAttributes failed, DataConverter converter, String runId) {
    Throwable failure = converter.failureToException(failed.getFailure());
    String mismatch = mismatch(failure);
    if (mismatch == null
        && failed.getCause()
            == WorkflowTaskFailedCause.WORKFLOW_TASK_FAILED_CAUSE_NON_DETERMINISTIC_ERROR) {
      mismatch = message(failure);
    }
    if (mismatch != null) {
      return withRemedy(
          "run %s cannot go on: its code no longer matches its history: %s"
              .formatted(runId, mismatch));
    }
    return ("run %s cannot go on: its workflow task fails and is tried again: %s; correct the code"
            + " and deploy it, or terminate the run and start a rerun")
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
