package io.millrace.engine;

import com.fasterxml.jackson.databind.JsonNode;
import io.temporal.activity.ActivityOptions;
import io.temporal.failure.ApplicationFailure;
import io.temporal.workflow.ActivityStub;
import io.temporal.workflow.Workflow;
import java.lang.reflect.Type;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The results of an earlier run that this one takes over.
 *
 * <p>A result is taken over only for the same task, the same activity or workflow type, equal
 * recorded arguments, and a result type that writes the recorded result back unchanged. Whatever
 * else is to be done runs again. Items of a map are found by their arguments, never by their names
 * or places, and each recorded result serves one item.
 */
final class PriorRun {

  static final PriorRun NONE = new PriorRun("", List.of(), Map.of(), Set.of());

  /** How the summary of the activity begins; the rest is the run's id. */
  static final String SUMMARY = "results of ";

  private final String runId;
  private final Map<String, List<PriorCall>> calls = new LinkedHashMap<>();
  private final Map<String, JsonNode> legacy;
  private final Set<String> cleared;

  private PriorRun(
      String runId, List<PriorCall> calls, Map<String, JsonNode> legacy, Set<String> cleared) {
    this.runId = runId;
    calls.forEach(
        call -> this.calls.computeIfAbsent(call.task(), task -> new ArrayList<>()).add(call));
    this.legacy = legacy;
    this.cleared = cleared;
  }

  /**
   * Reads what the options ask for.
   *
   * @throws ApplicationFailure if a task to clear is not in the graph
   */
  static PriorRun read(RunOptions options, Graph graph) {
    String runId = options.rerunOf();
    if (runId == null) {
      return NONE;
    }
    Set<String> cleared = new TreeSet<>();
    for (String label : options.clear()) {
      Target target = Target.parse(label);
      if (!graph.byId().containsKey(target.task())) {
        throw ApplicationFailure.newNonRetryableFailure(
            "%s.clear names '%s'; the tasks are %s"
                .formatted(RunOptions.FIELD, label, graph.byId().keySet()),
            Params.INVALID);
      }
      cleared.add(label);
    }
    ActivityStub reader =
        Workflow.newUntypedActivityStub(
            ActivityOptions.newBuilder()
                .setSummary(SUMMARY + runId)
                .setStartToCloseTimeout(Duration.ofMinutes(2))
                .setRetryOptions(Policy.PATIENT.retry().options())
                .build());
    List<PriorCall> calls = new ArrayList<>();
    Integer from = null;
    do {
      PriorResults part = reader.execute(PriorResultsReader.TYPE, PriorResults.class, runId, from);
      if (part.calls() == null) {
        return new PriorRun(
            runId, List.of(), part.results() == null ? Map.of() : part.results(), cleared);
      }
      calls.addAll(part.calls());
      from = part.next();
    } while (from != null);
    return new PriorRun(runId, calls, Map.of(), cleared);
  }

  /**
   * What an earlier run has for a call.
   *
   * @param value the result, if it is taken over
   * @param found whether it is; a result may be null
   * @param reason why a recorded result is not taken over; null if there is none
   */
  record Match<R>(@Nullable R value, boolean found, @Nullable String reason) {
    static <R> Match<R> none(@Nullable String reason) {
      return new Match<>(null, false, reason);
    }
  }

  /**
   * Finds the results of a task's calls.
   *
   * @param labels of the calls, {@code task} or {@code task[item]}
   * @return one match a call, in their order
   */
  <R> List<Match<R>> match(String task, List<RecordedCall> wanted, List<String> labels) {
    if (!legacy.isEmpty()) {
      return legacy(wanted, labels);
    }
    List<PriorCall> recorded = calls.getOrDefault(task, List.of());
    Map<CallKey, Deque<PriorCall>> open = new LinkedHashMap<>();
    recorded.forEach(call -> open.computeIfAbsent(call.key(), key -> new ArrayDeque<>()).add(call));
    List<@Nullable PriorCall> same = new ArrayList<>();
    for (RecordedCall call : wanted) {
      Deque<PriorCall> found = open.get(CallKey.of(call));
      same.add(found == null ? null : found.poll());
    }
    // So many results serve no call: so many calls are not what they were.
    long unused = open.values().stream().mapToLong(Deque::size).sum();
    List<Match<R>> matches = new ArrayList<>();
    for (int i = 0; i < wanted.size(); i++) {
      PriorCall former = same.get(i);
      matches.add(
          former != null
              ? taken(former, wanted.get(i))
              : Match.none(unused-- > 0 ? reason(recorded, wanted.get(i)) : null));
    }
    return matches;
  }

  private <R> Match<R> taken(PriorCall former, RecordedCall call) {
    JsonNode recorded = former.result();
    if (recorded == null) {
      return new Match<>(null, true, null);
    }
    try {
      R result = Json.read(recorded, typeOf(call));
      if (!CallKey.same(Json.tree(result), recorded)) {
        return Match.none("the shape of its result has changed since " + runId);
      }
      return result instanceof CheckReport check && !check.passed()
          ? Match.none(null)
          : new Match<>(result, true, null);
    } catch (IllegalArgumentException e) {
      return Match.none("the type of its result has changed since " + runId);
    }
  }

  /** Earlier releases read the id of a triggered run as its result, and started it again. */
  private static Type typeOf(RecordedCall call) {
    return call.kind() == RecordedCall.Kind.TRIGGER
            && Workflow.getVersion("rerun-keeps-triggered", Workflow.DEFAULT_VERSION, 1) == 1
        ? call.valueType()
        : call.resultType();
  }

  private @Nullable String reason(List<PriorCall> recorded, RecordedCall call) {
    if (recorded.isEmpty()) {
      return null;
    }
    return recorded.stream().anyMatch(former -> former.type().equals(call.type()))
        ? "its arguments are not those of " + runId
        : "it calls %s where %s called %s".formatted(call.type(), runId, recorded.get(0).type());
  }

  /** As builds before 2026-12 did it: a run that such a build began goes on in the same way. */
  private <R> List<Match<R>> legacy(List<RecordedCall> wanted, List<String> labels) {
    List<Match<R>> matches = new ArrayList<>();
    for (int i = 0; i < wanted.size(); i++) {
      R result = null;
      try {
        result = Json.read(legacy.get(labels.get(i)), wanted.get(i).resultType());
      } catch (IllegalArgumentException e) {
        // Of another type today: it runs again.
      }
      boolean failed = result instanceof CheckReport check && !check.passed();
      matches.add(result == null || failed ? Match.none(null) : new Match<>(result, true, null));
    }
    return matches;
  }

  /** What a gate was answered, or what an event brought. */
  @Nullable JsonNode input(String taskId) {
    if (!legacy.isEmpty()) {
      return legacy.get(taskId);
    }
    return calls.getOrDefault(taskId, List.of()).stream()
        .filter(call -> call.type().equals(PriorCall.INPUT))
        .findFirst()
        .map(PriorCall::result)
        .orElse(null);
  }

  boolean isEmpty() {
    return calls.isEmpty() && legacy.isEmpty();
  }

  /** Whether a whole task is to be done again by request. */
  boolean isCleared(String taskId) {
    return cleared.contains(taskId);
  }

  /** The items of a task that are to be done again by request, as they were named. */
  List<String> clearedItems(String taskId) {
    return cleared.stream()
        .map(Target::parse)
        .filter(target -> target.task().equals(taskId) && target.item() != null)
        .map(target -> String.valueOf(target.item()))
        .toList();
  }
}
