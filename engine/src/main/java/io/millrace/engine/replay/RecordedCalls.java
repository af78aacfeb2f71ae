package io.millrace.engine.replay;

import io.temporal.api.common.v1.Payloads;
import io.temporal.api.history.v1.HistoryEvent;
import io.temporal.api.history.v1.MarkerRecordedEventAttributes;
import io.temporal.common.converter.DefaultDataConverter;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The calls that a history recorded, read along with the replay: it keeps those between the event
 * that the replay has reached and the one that was asked for last, and never the whole history.
 */
final class RecordedCalls {

  private static final String LOCAL_ACTIVITY = "LocalActivity";

  private final Iterator<HistoryEvent> events;
  private final Map<String, Recorded> activities = new LinkedHashMap<>();
  private final Map<String, Deque<Recorded>> childRuns = new LinkedHashMap<>();
  private final Deque<Recorded> localActivities = new ArrayDeque<>();

  RecordedCalls(Iterator<HistoryEvent> events) {
    this.events = events;
  }

  /**
   * Takes an activity.
   *
   * @param activityId the same in every replay, as the SDK derives it from the run and a count
   * @return null if the history does not have it: the call was cancelled before it was sent
   */
  @Nullable Recorded activity(String activityId) {
    while (!activities.containsKey(activityId) && events.hasNext()) {
      read(events.next());
    }
    return activities.remove(activityId);
  }

  /** Takes the next child run with this id: a task that was cleared starts it again. */
  @Nullable Recorded childRun(String workflowId) {
    while (!childRuns.containsKey(workflowId) && events.hasNext()) {
      read(events.next());
    }
    Deque<Recorded> starts = childRuns.get(workflowId);
    if (starts == null) {
      return null;
    }
    Recorded next = starts.remove();
    if (starts.isEmpty()) {
      childRuns.remove(workflowId);
    }
    return next;
  }

  /** Takes the local activity that ended next: a replay ends them in the history's order. */
  @Nullable Recorded localActivity() {
    while (localActivities.isEmpty() && events.hasNext()) {
      read(events.next());
    }
    return localActivities.poll();
  }

  private void read(HistoryEvent event) {
    switch (event.getEventType()) {
      case EVENT_TYPE_ACTIVITY_TASK_SCHEDULED -> {
        var scheduled = event.getActivityTaskScheduledEventAttributes();
        activities.put(
            scheduled.getActivityId(),
            Recorded.of(event, scheduled.getActivityType().getName(), scheduled.getInput()));
      }
      case EVENT_TYPE_START_CHILD_WORKFLOW_EXECUTION_INITIATED -> {
        var child = event.getStartChildWorkflowExecutionInitiatedEventAttributes();
        childRuns
            .computeIfAbsent(child.getWorkflowId(), id -> new ArrayDeque<>())
            .add(
                Recorded.of(
                    event,
                    child.getWorkflowType().getName(),
                    child.getWorkflowId(),
                    child.getInput()));
      }
      case EVENT_TYPE_MARKER_RECORDED -> {
        var marker = event.getMarkerRecordedEventAttributes();
        if (marker.getMarkerName().equals(LOCAL_ACTIVITY) && !isTriedAgain(marker)) {
          localActivities.add(
              Recorded.of(event, text(marker, "type"), marker.getDetailsMap().get("input")));
        }
      }
      default -> {}
    }
  }

  /** A try that failed and waits for a timer: the SDK keeps it from the caller. */
  private static boolean isTriedAgain(MarkerRecordedEventAttributes marker) {
    Payloads meta = marker.getDetailsMap().get("meta");
    if (!marker.hasFailure() || meta == null) {
      return false;
    }
    return Values.parse(meta.getPayloads(0).getData()).hasNonNull("backoff");
  }

  private static String text(MarkerRecordedEventAttributes marker, String detail) {
    Payloads value = marker.getDetailsMap().get(detail);
    return value == null
        ? ""
        : DefaultDataConverter.STANDARD_INSTANCE.fromPayload(
            value.getPayloads(0), String.class, String.class);
  }
}
