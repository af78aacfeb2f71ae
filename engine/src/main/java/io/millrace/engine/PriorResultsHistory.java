package io.millrace.engine;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.engine.DagRunOps.ExternalEvent;
import io.millrace.engine.DagRunOps.GateAnswer;
import io.temporal.api.common.v1.Payload;
import io.temporal.api.common.v1.Payloads;
import io.temporal.api.enums.v1.ParentClosePolicy;
import io.temporal.api.history.v1.HistoryEvent;
import io.temporal.common.converter.DataConverter;
import io.temporal.common.converter.RawValue;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One pass over a history: the calls that succeeded, and that nothing has made void since. */
final class PriorResultsHistory {

  private static final String NO_ARGS = "";

  private final DataConverter converter;
  private final String runId;
  private final Map<Long, Scheduled> scheduled = new HashMap<>();
  private final Map<Long, MapChunk.Chunk> chunks = new HashMap<>();
  private final Map<Long, List<Target>> forgotten = new HashMap<>();
  private final Set<Long> awaited = new HashSet<>();
  private final Map<String, String> updates = new HashMap<>();
  private final List<PriorCall> calls = new ArrayList<>();
  private final List<PriorCall> takenOver = new ArrayList<>();
  private final Set<String> succeeded = new HashSet<>();

  /** A call of which nothing is known yet but that it was made. */
  private record Scheduled(String summary, CallKey key) {}

  PriorResultsHistory(DataConverter converter, String runId) {
    this.converter = converter;
    this.runId = runId;
  }

  List<PriorCall> of(List<HistoryEvent> events) {
    events.forEach(this::read);
    Set<String> own = new HashSet<>();
    calls.forEach(call -> own.add(call.task() + ' ' + call.item()));
    // What the run itself took over holds only if the run says that it did not do it again.
    takenOver.stream()
        .filter(call -> succeeded.contains(call.task()))
        .filter(call -> !own.contains(call.task() + ' ' + call.item()))
        .forEach(calls::add);
    return calls;
  }

  private void read(HistoryEvent event) {
    switch (event.getEventType()) {
      case EVENT_TYPE_ACTIVITY_TASK_SCHEDULED -> {
        var activity = event.getActivityTaskScheduledEventAttributes();
        schedule(event, activity.getActivityType().getName(), activity.getInput());
      }
      case EVENT_TYPE_ACTIVITY_TASK_COMPLETED -> {
        var completed = event.getActivityTaskCompletedEventAttributes();
        keep(scheduled.get(completed.getScheduledEventId()), first(completed.getResult()));
      }
      case EVENT_TYPE_MARKER_RECORDED -> local(event);
      case EVENT_TYPE_START_CHILD_WORKFLOW_EXECUTION_INITIATED -> initiated(event);
      case EVENT_TYPE_CHILD_WORKFLOW_EXECUTION_STARTED -> childStarted(event);
      case EVENT_TYPE_CHILD_WORKFLOW_EXECUTION_COMPLETED -> {
        var completed = event.getChildWorkflowExecutionCompletedEventAttributes();
        childEnded(completed.getInitiatedEventId(), first(completed.getResult()));
      }
      case EVENT_TYPE_WORKFLOW_EXECUTION_UPDATE_ACCEPTED -> updateAccepted(event);
      case EVENT_TYPE_WORKFLOW_EXECUTION_UPDATE_COMPLETED -> updateCompleted(event);
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

  private void schedule(HistoryEvent event, String type, Payloads input) {
    schedule(event, summary(event), type, input);
  }

  private void schedule(HistoryEvent event, String summary, String type, Payloads input) {
    scheduled.put(event.getEventId(), new Scheduled(summary, key(type, input)));
  }

  /** A local task: its result and its arguments stand in a marker. */
  private void local(HistoryEvent event) {
    Map<String, Payloads> details = event.getMarkerRecordedEventAttributes().getDetailsMap();
    Payloads type = details.get("type");
    if (type != null && details.containsKey("result") && event.getUserMetadata().hasSummary()) {
      JsonNode name = first(type);
      CallKey key =
          key(
              name == null ? "" : name.asText(),
              details.getOrDefault("input", Payloads.getDefaultInstance()));
      keep(new Scheduled(summary(event), key), first(details.get("result")));
    }
  }

  private void initiated(HistoryEvent event) {
    var child = event.getStartChildWorkflowExecutionInitiatedEventAttributes();
    String task = taskOf(event, child.getWorkflowId());
    if (child.getWorkflowType().getName().equals(SensorLoop.TYPE)) {
      scheduled.put(event.getEventId(), new Scheduled(task, watched(child.getInput())));
    } else {
      schedule(event, task, child.getWorkflowType().getName(), child.getInput());
    }
    if (child.getWorkflowType().getName().equals(MapChunk.TYPE)) {
      JsonNode chunk = first(child.getInput());
      if (chunk != null) {
        chunks.put(event.getEventId(), Json.read(chunk, MapChunk.Chunk.class));
      }
    } else if (child.getParentClosePolicy() != ParentClosePolicy.PARENT_CLOSE_POLICY_ABANDON) {
      awaited.add(event.getEventId());
    }
  }

  /** What a sensor with a pool pokes with: its child run is only how. */
  private CallKey watched(Payloads input) {
    SensorLoop.Watch watch = Json.read(first(input), SensorLoop.Watch.class);
    List<JsonNode> args = new ArrayList<>();
    if (watch != null) {
      watch.args().forEach(arg -> args.add(arg(arg.raw().getPayload())));
    }
    return CallKey.of(watch == null ? "" : watch.activity(), args);
  }

  /** Not all servers keep the summary; the id of a child run says as well which task it is. */
  private String taskOf(HistoryEvent event, String childId) {
    String own = runId + "/";
    String summary = summary(event);
    return summary.isEmpty() && childId.startsWith(own)
        ? childId.substring(own.length()).replaceFirst("~\\d+$", "")
        : summary;
  }

  /** A triggered run has done its task when it has started; its value is the run's id. */
  private void childStarted(HistoryEvent event) {
    var started = event.getChildWorkflowExecutionStartedEventAttributes();
    long initiated = started.getInitiatedEventId();
    if (!awaited.contains(initiated) && !chunks.containsKey(initiated)) {
      keep(scheduled.remove(initiated), Json.tree(started.getWorkflowExecution().getWorkflowId()));
    }
  }

  private void childEnded(long initiated, @Nullable JsonNode result) {
    MapChunk.Chunk chunk = chunks.remove(initiated);
    if (chunk == null) {
      keep(scheduled.get(initiated), result);
      return;
    }
    chunkEnded(initiated, chunk, Json.read(result, MapChunk.Outcome.class));
  }

  private void chunkEnded(
      long initiated, MapChunk.Chunk chunk, MapChunk.@Nullable Outcome outcome) {
    for (int i = 0; outcome != null && i < chunk.items().size(); i++) {
      MapChunk.Item item = chunk.items().get(i);
      if (outcome.succeeded(i) && counts(initiated, item.name(), i, outcome)) {
        keep(
            new Scheduled(
                Target.label(chunk.taskId(), item.name()),
                CallKey.of(item.activity(), item.args())),
            outcome.results().get(i));
      }
    }
  }

  /** Whether the chunk has done an item after the last mark or clear of it. */
  private boolean counts(long initiated, String item, int place, MapChunk.Outcome outcome) {
    long times =
        forgotten.getOrDefault(initiated, List.of()).stream()
            .filter(target -> target.isOrHas(target.task(), item))
            .count();
    return times <= Collections.frequency(outcome.redone(), place);
  }

  /** A gate's answer is an update, and so is what makes earlier results void. */
  private void updateAccepted(HistoryEvent event) {
    var accepted = event.getWorkflowExecutionUpdateAcceptedEventAttributes().getAcceptedRequest();
    var request = accepted.getInput();
    if (request.getName().equals("clear") || request.getName().equals("mark")) {
      updates.put(accepted.getMeta().getUpdateId(), request.getName());
    } else if (request.getName().equals("answer")) {
      GateAnswer answer = Json.read(first(request.getArgs()), GateAnswer.class);
      if (answer != null) {
        keepInput(answer.gate(), Json.tree(answer.option()));
      }
    }
  }

  private void updateCompleted(HistoryEvent event) {
    var update = event.getWorkflowExecutionUpdateCompletedEventAttributes();
    String name = updates.get(update.getMeta().getUpdateId());
    JsonNode answer = name == null ? null : first(update.getOutcome().getSuccess());
    if (answer == null) {
      return;
    }
    if (answer.isArray()) {
      answer.forEach(task -> forget(task.asText()));
    } else {
      forget(Operations.taskOfAnswer(answer.asText()));
    }
  }

  private void signalled(HistoryEvent event) {
    var signal = event.getWorkflowExecutionSignaledEventAttributes();
    if (signal.getSignalName().equals("event")) {
      ExternalEvent external = Json.read(first(signal.getInput()), ExternalEvent.class);
      if (external != null) {
        keepInput(external.name(), external.payload());
      }
    } else if (signal.getSignalName().equals(MapChunk.STOPPED)) {
      chunkStopped(Json.read(first(signal.getInput()), MapChunk.Stopped.class));
    }
  }

  /** A cancelled chunk has no result, but has said before what it has done. */
  private void chunkStopped(MapChunk.@Nullable Stopped stopped) {
    for (Map.Entry<Long, MapChunk.Chunk> entry : List.copyOf(chunks.entrySet())) {
      if (stopped != null && entry.getValue().summary().equals(stopped.chunk())) {
        chunks.remove(entry.getKey());
        chunkEnded(entry.getKey(), entry.getValue(), stopped.outcome());
      }
    }
  }

  /** Forgets what was done, or is being done, of a whole task, or of one item of it. */
  private void forget(String label) {
    Target target = Target.parse(label);
    calls.removeIf(call -> target.isOrHas(call.task(), call.item()));
    scheduled
        .values()
        .removeIf(
            call -> {
              Target called = Target.parse(call.summary());
              return target.isOrHas(called.task(), called.item());
            });
    chunks.forEach(
        (initiated, chunk) -> {
          if (chunk.taskId().equals(target.task())) {
            forgotten.computeIfAbsent(initiated, any -> new ArrayList<>()).add(target);
          }
        });
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

  private void keepInput(String task, JsonNode value) {
    calls.removeIf(call -> call.task().equals(task));
    calls.add(new PriorCall(task, null, PriorCall.INPUT, NO_ARGS, value));
  }

  private void keep(@Nullable Scheduled call, @Nullable JsonNode result) {
    if (call == null || call.summary().isEmpty()) {
      return;
    }
    if (call.summary().startsWith(PriorRun.SUMMARY)) {
      PriorResults earlier = Json.read(result, PriorResults.class);
      if (earlier != null && earlier.calls() != null) {
        takenOver.addAll(earlier.calls());
      }
    } else {
      Target target = Target.parse(call.summary());
      calls.add(
          new PriorCall(
              target.task(), target.item(), call.key().type(), call.key().args(), result));
    }
  }

  private CallKey key(String type, Payloads input) {
    List<JsonNode> args = new ArrayList<>();
    input.getPayloadsList().forEach(payload -> args.add(arg(payload)));
    return CallKey.of(type, args);
  }

  private JsonNode arg(Payload payload) {
    JsonNode arg = json(payload);
    return arg == null ? Json.tree(null) : arg;
  }

  private String summary(HistoryEvent event) {
    if (!event.getUserMetadata().hasSummary()) {
      return "";
    }
    Payload summary = event.getUserMetadata().getSummary();
    return String.valueOf(converter.fromPayload(summary, String.class, String.class));
  }

  private @Nullable JsonNode first(@Nullable Payloads payloads) {
    return payloads == null || payloads.getPayloadsCount() == 0
        ? null
        : json(payloads.getPayloads(0));
  }

  private @Nullable JsonNode json(Payload payload) {
    RawValue raw = converter.fromPayload(payload, RawValue.class, RawValue.class);
    return raw == null ? null : Json.parse(raw.getPayload().getData());
  }
}
