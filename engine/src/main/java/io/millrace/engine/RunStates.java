package io.millrace.engine;

import io.millrace.engine.RunReport.RunState;
import io.temporal.api.enums.v1.WorkflowExecutionStatus;
import io.temporal.client.WorkflowExecutionMetadata;
import java.util.Locale;

/**
 * The states of runs in one vocabulary, that of {@link RunState}: what the server knows of a run is
 * said in the same words as the run's own report.
 */
public final class RunStates {

  private RunStates() {}

  /** The state of a run as the server lists it. */
  static RunState of(WorkflowExecutionMetadata run) {
    String told = run.getTypedSearchAttributes().get(SearchAttributes.RUN_STATE);
    if (run.getStatus() != WorkflowExecutionStatus.WORKFLOW_EXECUTION_STATUS_RUNNING
        || told == null) {
      return of(temporalWord(run.getStatus()));
    }
    return switch (told) {
      case "held" -> RunState.HELD;
      case "queued" -> RunState.QUEUED;
      default -> RunState.RUNNING;
    };
  }

  /** A state in lower case, for example {@code success}, by Temporal's word {@code COMPLETED}. */
  public static String word(String status) {
    return of(status).name().toLowerCase(Locale.ROOT);
  }

  private static RunState of(String status) {
    return switch (status) {
      case "COMPLETED" -> RunState.SUCCESS;
      case "FAILED", "TERMINATED", "TIMED_OUT" -> RunState.FAILED;
      case "CANCELED" -> RunState.CANCELLED;
      default -> RunState.RUNNING;
    };
  }

  private static String temporalWord(WorkflowExecutionStatus status) {
    return status.name().replace("WORKFLOW_EXECUTION_STATUS_", "");
  }
}
