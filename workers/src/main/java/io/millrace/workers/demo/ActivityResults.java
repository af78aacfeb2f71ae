package io.millrace.workers.demo;

import io.temporal.api.enums.v1.EventType;
import io.temporal.api.history.v1.HistoryEvent;
import io.temporal.client.WorkflowClient;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What the activities of a run returned, as its history has it. */
final class ActivityResults {

  private ActivityResults() {}

  /** The result of the last activity of a type that completed; empty if none did. */
  static <T> Optional<T> find(
      WorkflowClient client, String workflowId, String activityType, Class<T> type) {
    List<HistoryEvent> events = client.fetchHistory(workflowId).getHistory().getEventsList();
    Map<Long, String> scheduled = new HashMap<>();
    Optional<T> result = Optional.empty();
    for (HistoryEvent event : events) {
      if (event.getEventType() == EventType.EVENT_TYPE_ACTIVITY_TASK_SCHEDULED) {
        scheduled.put(
            event.getEventId(),
            event.getActivityTaskScheduledEventAttributes().getActivityType().getName());
      } else if (event.getEventType() == EventType.EVENT_TYPE_ACTIVITY_TASK_COMPLETED) {
        var completed = event.getActivityTaskCompletedEventAttributes();
        if (activityType.equals(scheduled.get(completed.getScheduledEventId()))) {
          result =
              Optional.ofNullable(
                  client
                      .getOptions()
                      .getDataConverter()
                      .fromPayloads(0, Optional.of(completed.getResult()), type, type));
        }
      }
    }
    return result;
  }
}
