package io.millrace.engine.backfill;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.millrace.engine.backfill.BackfillReport.DateReport;
import io.millrace.engine.backfill.BackfillReport.DateState;
import io.millrace.engine.schedule.ScheduledRun;
import io.temporal.api.enums.v1.WorkflowExecutionStatus;
import io.temporal.api.schedule.v1.ScheduleAction;
import io.temporal.api.workflowservice.v1.DescribeScheduleRequest;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowFailedException;
import io.temporal.common.converter.DataConverter;
import io.temporal.common.converter.RawValue;
import io.temporal.failure.ApplicationErrorCategory;
import io.temporal.failure.ApplicationFailure;
import java.util.List;

/** Asks the server through a client. */
final class BackfillActivitiesImpl implements BackfillActivities {

  private final WorkflowClient client;

  BackfillActivitiesImpl(WorkflowClient client) {
    this.client = client;
  }

  @Override
  public String timetableOf(String dag) {
    ScheduleAction action;
    try {
      action =
          client
              .getWorkflowServiceStubs()
              .blockingStub()
              .describeSchedule(
                  DescribeScheduleRequest.newBuilder()
                      .setNamespace(client.getOptions().getNamespace())
                      .setScheduleId(dag)
                      .build())
              .getSchedule()
              .getAction();
    } catch (StatusRuntimeException e) {
      if (e.getStatus().getCode() == Status.Code.NOT_FOUND) {
        throw noTimetable("there is no schedule '%s'".formatted(dag));
      }
      throw e;
    }
    if (!action.getStartWorkflow().getMemo().containsFields(ScheduledRun.MEMO)) {
      throw noTimetable("the schedule '%s' has no timetable in its memo".formatted(dag));
    }
    DataConverter converter = client.getOptions().getDataConverter();
    return converter
        .fromPayload(
            action.getStartWorkflow().getMemo().getFieldsOrThrow(ScheduledRun.MEMO),
            ScheduledRun.class,
            ScheduledRun.class)
        .timetable();
  }

  private static ApplicationFailure noTimetable(String why) {
    return ApplicationFailure.newNonRetryableFailure(
        "%s: give the backfill a timetable, as \"timetable\": \"@daily zone=UTC\"".formatted(why),
        BackfillImpl.INVALID);
  }

  @Override
  public List<DateReport> planOf(BackfillRequest request, int from, int to) {
    return new BackfillPlan(client).of(request, request.dates().subList(from, to));
  }

  @Override
  public Outcome outcomeOf(String runId) {
    WorkflowExecutionStatus status = BackfillPlan.status(client, runId);
    return switch (status) {
      case WORKFLOW_EXECUTION_STATUS_COMPLETED ->
          Outcome.of(client.newUntypedWorkflowStub(runId).getResult(RawValue.class));
      case WORKFLOW_EXECUTION_STATUS_CANCELED -> new Outcome(DateState.CANCELLED, "");
      case WORKFLOW_EXECUTION_STATUS_FAILED -> new Outcome(DateState.FAILED, reason(runId));
      case WORKFLOW_EXECUTION_STATUS_TERMINATED -> new Outcome(DateState.FAILED, "terminated");
      case WORKFLOW_EXECUTION_STATUS_TIMED_OUT -> new Outcome(DateState.FAILED, "timed out");
      case WORKFLOW_EXECUTION_STATUS_UNSPECIFIED ->
          new Outcome(DateState.FAILED, "the server does not know the run any more");
      default ->
          throw ApplicationFailure.newBuilder()
              .setMessage(runId + " has not ended")
              .setType("StillRunning")
              .setCategory(ApplicationErrorCategory.BENIGN)
              .build();
    };
  }

  private String reason(String runId) {
    try {
      client.newUntypedWorkflowStub(runId).getResult(String.class);
      return "";
    } catch (WorkflowFailedException e) {
      return e.getCause() instanceof ApplicationFailure failure
          ? "%s: %s".formatted(failure.getType(), failure.getOriginalMessage())
          : String.valueOf(e.getMessage());
    }
  }
}
