package io.millrace.engine.asset;

import io.temporal.api.enums.v1.EventType;
import io.temporal.api.enums.v1.WorkflowTaskFailedCause;
import io.temporal.api.history.v1.HistoryEvent;
import io.temporal.client.WorkflowClient;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * One run of a workflow that continues as new.
 *
 * @param bytes of its history
 * @param events how many of each type
 * @param failures of its workflow tasks, but for those that every busy workflow has: a signal came
 *     while it wanted to end
 */
record PastRun(String runId, long bytes, Map<EventType, Integer> events, List<String> failures) {

  /** Every run, the latest first. */
  static List<PastRun> of(WorkflowClient client, String workflowId) {
    List<PastRun> runs = new ArrayList<>();
    String runId = client.newUntypedWorkflowStub(workflowId).describe().getExecution().getRunId();
    while (!runId.isEmpty()) {
      List<HistoryEvent> history = client.streamHistory(workflowId, runId).toList();
      runs.add(of(runId, history));
      runId =
          history.get(0).getWorkflowExecutionStartedEventAttributes().getContinuedExecutionRunId();
    }
    return runs;
  }

  private static PastRun of(String runId, List<HistoryEvent> history) {
    Map<EventType, Integer> events = new EnumMap<>(EventType.class);
    List<String> failures = new ArrayList<>();
    for (HistoryEvent event : history) {
      events.merge(event.getEventType(), 1, Integer::sum);
      var failure = event.getWorkflowTaskFailedEventAttributes();
      if (event.hasWorkflowTaskFailedEventAttributes()
          && failure.getCause()
              != WorkflowTaskFailedCause.WORKFLOW_TASK_FAILED_CAUSE_UNHANDLED_COMMAND) {
        failures.add(failure.getCause() + ": " + failure.getFailure().getMessage());
      }
    }
    return new PastRun(
        runId, history.stream().mapToLong(HistoryEvent::getSerializedSize).sum(), events, failures);
  }

  int length() {
    return events.values().stream().mapToInt(Integer::intValue).sum();
  }

  @Override
  public String toString() {
    return "%,d events, %,d bytes".formatted(length(), bytes);
  }
}
