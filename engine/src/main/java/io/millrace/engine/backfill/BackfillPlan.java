package io.millrace.engine.backfill;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.millrace.engine.backfill.BackfillReport.DateReport;
import io.millrace.engine.backfill.BackfillReport.DateState;
import io.temporal.api.common.v1.WorkflowExecution;
import io.temporal.api.enums.v1.WorkflowExecutionStatus;
import io.temporal.api.workflowservice.v1.DescribeWorkflowExecutionRequest;
import io.temporal.client.WorkflowClient;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/**
 * What a backfill would do with each date, by the same rule as the server: the status of the run
 * that has the date's id, and the reprocess behaviour.
 */
final class BackfillPlan {

  private final WorkflowClient client;

  BackfillPlan(WorkflowClient client) {
    this.client = client;
  }

  /** Dates of a request, {@code PLANNED} or {@code EXISTING}, and why. */
  List<DateReport> of(BackfillRequest request, List<Instant> dates) {
    Reprocess rule = Objects.requireNonNull(request.reprocess());
    return dates.stream().map(date -> report(request.dag(), date, rule)).toList();
  }

  private DateReport report(String dag, Instant date, Reprocess rule) {
    String runId = "%s-%s".formatted(dag, date);
    WorkflowExecutionStatus status = status(client, runId);
    return switch (status) {
      case WORKFLOW_EXECUTION_STATUS_UNSPECIFIED ->
          new DateReport(date, runId, DateState.PLANNED, "");
      case WORKFLOW_EXECUTION_STATUS_RUNNING, WORKFLOW_EXECUTION_STATUS_PAUSED ->
          new DateReport(date, runId, DateState.EXISTING, "its run is active");
      case WORKFLOW_EXECUTION_STATUS_COMPLETED ->
          ended(date, runId, "succeeded", rule == Reprocess.COMPLETED, "completed");
      default -> ended(date, runId, words(status), rule != Reprocess.NONE, "failed");
    };
  }

  private static DateReport ended(
      Instant date, String runId, String how, boolean again, String remedy) {
    return again
        ? new DateReport(date, runId, DateState.PLANNED, "again: its run has " + how)
        : new DateReport(
            date,
            runId,
            DateState.EXISTING,
            "its run has %s; --reprocess %s would run it again".formatted(how, remedy));
  }

  private static String words(WorkflowExecutionStatus status) {
    return switch (status) {
      case WORKFLOW_EXECUTION_STATUS_CANCELED -> "been cancelled";
      case WORKFLOW_EXECUTION_STATUS_TERMINATED -> "been terminated";
      case WORKFLOW_EXECUTION_STATUS_TIMED_OUT -> "timed out";
      default -> status.name().replace("WORKFLOW_EXECUTION_STATUS_", "").toLowerCase(Locale.ROOT);
    };
  }

  /** The status of a run's latest execution; unspecified if the server knows none. */
  static WorkflowExecutionStatus status(WorkflowClient client, String runId) {
    try {
      return client
          .getWorkflowServiceStubs()
          .blockingStub()
          .describeWorkflowExecution(
              DescribeWorkflowExecutionRequest.newBuilder()
                  .setNamespace(client.getOptions().getNamespace())
                  .setExecution(WorkflowExecution.newBuilder().setWorkflowId(runId))
                  .build())
          .getWorkflowExecutionInfo()
          .getStatus();
    } catch (StatusRuntimeException e) {
      if (e.getStatus().getCode() == Status.Code.NOT_FOUND) {
        return WorkflowExecutionStatus.WORKFLOW_EXECUTION_STATUS_UNSPECIFIED;
      }
      throw e;
    }
  }
}
