package io.millrace.engine;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.engine.DagRunOps.ExternalEvent;
import io.millrace.engine.DagRunOps.GateAnswer;
import io.temporal.api.common.v1.Payload;
import io.temporal.api.common.v1.Payloads;
import io.temporal.api.history.v1.HistoryEvent;
import io.temporal.common.converter.DataConverter;
import io.temporal.common.converter.RawValue;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** One pass over a history. */
final class FormerResultsHistory {
  private final DataConverter converter;
  private final Map<Long, String> calls = new HashMap<>();
  private final Map<Long, MapChunk.Chunk> chunks = new HashMap<>();
  private final Map<String, JsonNode> results = new TreeMap<>();
  private final Map<String, JsonNode> takenOver = new TreeMap<>();
  private final Set<Long> clears = new HashSet<>();
  private final Set<String> succeeded = new HashSet<>();

  FormerResultsHistory(DataConverter converter) {
    this.converter = converter;
  }

  FormerResults of(List<HistoryEvent> events) {
    events.forEach(this::read);
    // What the run itself took over holds only if the run says that it did not do it again.
    takenOver.keySet().removeIf(call -> !succeeded.contains(taskOf(call)));
    takenOver.forEach(results::putIfAbsent);
    return new FormerResults(results);
  }

  private void read(HistoryEvent event) {
    switch (event.getEventType()) {
      case EVENT_TYPE_ACTIVITY_TASK_SCHEDULED -> calls.put(event.getEventId(), summary(event));
      case EVENT_TYPE_ACTIVITY_TASK_COMPLETED -> {
        var completed = event.getActivityTaskCompletedEventAttributes();
        keep(calls.get(completed.getScheduledEventId()), first(completed.getResult()));
      }
      case EVENT_TYPE_MARKER_RECORDED -> {
        // A local task: its result stands in a marker.
        var details = event.getMarkerRecordedEventAttributes().getDetailsMap();
        if (details.containsKey("result") && event.getUserMetadata().hasSummary()) {
          keep(summary(event), first(details.get("result")));
        }
      }
      case EVENT_TYPE_START_CHILD_WORKFLOW_EXECUTION_INITIATED -> initiated(event);
      case EVENT_TYPE_CHILD_WORKFLOW_EXECUTION_COMPLETED -> {
        var completed = event.getChildWorkflowExecutionCompletedEventAttributes();
        childEnded(completed.getInitiatedEventId(), first(completed.getResult()));
      }
      case EVENT_TYPE_WORKFLOW_EXECUTION_UPDATE_ACCEPTED -> updated(event);
      case EVENT_TYPE_WORKFLOW_EXECUTION_UPDATE_COMPLETED -> {
        var update = event.getWorkflowExecutionUpdateCompletedEventAttributes();
        if (clears.contains(update.getAcceptedEventId())) {
          cleared(first(update.getOutcome().getSuccess()));
        }
      }
      case EVENT_TYPE_WORKFLOW_EXECUTION_SIGNALED -> signalled(event);
      case EVENT_TYPE_WORKFLOW_EXECUTION_COMPLETED ->
          reported(first(event.getWorkflowExecutionCompletedEventAttributes().getResult()));
      case EVENT_TYPE_WORKFLOW_EXECUTION_FAILED ->
          reported(
              first(
                  event
                      .getWorkflowExecutionFailedEventAttributes()
                      .getFailure()
                      .getApplicationFailureInfo()
                      .getDetails()));
      default -> {}
    }
  }

  private void initiated(HistoryEvent event) {
    var child = event.getStartChildWorkflowExecutionInitiatedEventAttributes();
    calls.put(event.getEventId(), summary(event));
    if (child.getWorkflowType().getName().equals(MapChunk.TYPE)) {
      JsonNode chunk = first(child.getInput());
      if (chunk != null) {
        chunks.put(event.getEventId(), Json.read(chunk, MapChunk.Chunk.class));
      }
    }
  }

  private void childEnded(long initiated, @Nullable JsonNode result) {
    MapChunk.Chunk chunk = chunks.get(initiated);
    if (chunk == null) {
      keep(calls.get(initiated), result);
      return;
    }
    MapChunk.Outcome outcome = Json.read(result, MapChunk.Outcome.class);
    for (int i = 0; outcome != null && i < chunk.items().size(); i++) {
      keep(
          "%s[%s]".formatted(chunk.taskId(), chunk.items().get(i).name()),
          outcome.results().get(i));
    }
  }

  /** A gate's answer is an update, and so is what makes earlier results void. */
  private void updated(HistoryEvent event) {
    var request =
        event.getWorkflowExecutionUpdateAcceptedEventAttributes().getAcceptedRequest().getInput();
    if (request.getName().equals("clear")) {
      clears.add(event.getEventId());
    } else if (request.getName().equals("answer")) {
      GateAnswer answer = Json.read(first(request.getArgs()), GateAnswer.class);
      if (answer != null) {
        keep(answer.gate(), Json.tree(answer.option()));
      }
    }
  }

  private void signalled(HistoryEvent event) {
    var signal = event.getWorkflowExecutionSignaledEventAttributes();
    if (signal.getSignalName().equals("event")) {
      ExternalEvent external = Json.read(first(signal.getInput()), ExternalEvent.class);
      if (external != null) {
        keep(external.name(), external.payload());
      }
    }
  }

  private void cleared(@Nullable JsonNode tasks) {
    if (tasks != null) {
      tasks.forEach(task -> results.keySet().removeIf(call -> taskOf(call).equals(task.asText())));
    }
  }

  private void reported(@Nullable JsonNode report) {
    if (report != null) {
      for (JsonNode task : report.path("tasks")) {
        if (task.path("state").asText().equals(NodeState.SUCCESS.name())) {
          succeeded.add(task.path("id").asText());
        }
      }
    }
  }

  private void keep(@Nullable String call, @Nullable JsonNode result) {
    if (call == null || result == null) {
      return;
    }
    if (call.startsWith(FormerRun.SUMMARY)) {
      FormerResults earlier = Json.read(result, FormerResults.class);
      takenOver.putAll(earlier == null ? Map.of() : earlier.results());
    } else {
      results.put(call, result);
    }
  }

  private static String taskOf(String call) {
    int bracket = call.indexOf('[');
    return bracket < 0 ? call : call.substring(0, bracket);
  }

  private String summary(HistoryEvent event) {
    if (!event.getUserMetadata().hasSummary()) {
      return "";
    }
    Payload summary = event.getUserMetadata().getSummary();
    return String.valueOf(converter.fromPayload(summary, String.class, String.class));
  }

  private @Nullable JsonNode first(Payloads payloads) {
    if (payloads.getPayloadsCount() == 0) {
      return null;
    }
    RawValue raw = converter.fromPayload(payloads.getPayloads(0), RawValue.class, RawValue.class);
    return raw == null ? null : Json.parse(raw.getPayload().getData());
  }
}
