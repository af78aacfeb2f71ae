package io.millrace.engine.matrix;

import com.google.common.collect.Lists;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** One task of a {@link ReferenceRun}. */
final class TaskModel {

  /** A value that the model does not know, or that nobody may rely on. */
  static final String ANY = "*";

  /** A map of more items than this is worked off by child runs of so many each. */
  private static final int CHUNK = 500;

  final TaskSpec spec;
  State state = State.NONE;

  /** Whether it has started, or was marked, since it was last reset. */
  boolean started;

  /** What its handle gives as text; only of a success. */
  String value = ANY;

  /** Whether the value comes from an execution, or an answer, of this run or one before. */
  boolean earned;

  /** What the task was given when it last started. */
  String inputs = "";

  /** What the items were given. */
  private String itemInputs = "";

  /** Of a map that has been expanded. */
  @Nullable List<Item> items;

  /** What goes on or waits for a slot, including what was cancelled and has not ended yet. */
  final List<Call> calls = new ArrayList<>();

  /** What a branch has chosen, or {@code [go]}; null if it excludes nothing. */
  @Nullable List<String> chosen;

  /** Of a setup: whether it has succeeded in this run and no teardown has started since. */
  boolean stands;

  /** Whether something was done in this run, so that what is below is to be done again. */
  boolean worked;

  /** Whether a person has set its state since it last started. */
  boolean marked;

  /** Whether it may not be taken over from an earlier run. */
  boolean outdated;

  /** Whether it was cleared in this run. */
  boolean cleared;

  /** Of a setup that runs again only for what stands in its scope. */
  boolean onlyForScope;

  TaskModel(TaskSpec spec) {
    this.spec = spec;
  }

  /** One item of a map. */
  static final class Item {
    State state = State.NONE;
    String value = ANY;
    boolean earned;
  }

  /** One execution, or one that waits for a slot. */
  static final class Call {
    final TaskModel task;
    final int item;
    boolean queued;

    /** Whether its end still decides something. */
    boolean wanted = true;

    Call(TaskModel task, int item) {
      this.task = task;
      this.item = item;
    }

    String key() {
      return task.spec.key(item);
    }
  }

  String id() {
    return spec.id();
  }

  boolean isExecuting() {
    return calls.stream().anyMatch(call -> !call.queued);
  }

  boolean isExecuting(int item) {
    return calls.stream().anyMatch(call -> !call.queued && call.item == item);
  }

  /** What is under way and wanted. */
  List<Call> wanted() {
    return calls.stream().filter(call -> call.wanted).toList();
  }

  /** Keeps the items whose arguments are the same as before. */
  void expand() {
    if (items == null || !PastRun.same(itemInputs, inputs)) {
      List<Item> fresh = new ArrayList<>();
      for (int i = 0; i < spec.items(); i++) {
        fresh.add(new Item());
      }
      items = fresh;
    }
    itemInputs = inputs;
  }

  List<Item> items() {
    return items == null ? List.of() : items;
  }

  /**
   * Forgets what it did; what is still executing is no longer wanted.
   *
   * @param forScope whether only what stands in the scope of a setup needs it again
   */
  void reset(boolean forScope) {
    calls.removeIf(call -> call.queued);
    calls.forEach(call -> call.wanted = false);
    cleared = true;
    onlyForScope = forScope;
    started = false;
    marked = false;
    stands = false;
    worked = false;
    earned = false;
    value = ANY;
    chosen = null;
    items = null;
    state = isExecuting() ? State.RESTARTING : State.NONE;
  }

  /** How the task counts for those below it. */
  Rules.Counts countInto(Rules.Counts counts) {
    if (items == null || state == State.NONE) {
      return counts.with(state);
    }
    Rules.Counts all = counts;
    for (int i = 0; i < items().size(); i++) {
      Item item = items().get(i);
      boolean lost = state == State.FAILED && !item.state.isTerminal();
      boolean unheard = item.earned && isChunked() && isExecutingChunk(i / CHUNK);
      all = all.with(lost ? State.FAILED : unheard ? State.RUNNING : item.state);
    }
    return all;
  }

  /** The list that a map gives. */
  String itemsValue() {
    return valueOf(items());
  }

  /**
   * The list that a map gives when it is marked: a child run with many of its items says what they
   * returned when it ends, and not before.
   */
  String valueWithoutOpenChunks() {
    int size = isChunked() ? CHUNK : 1;
    return valueOf(
        Lists.partition(items(), size).stream()
            .filter(chunk -> chunk.stream().allMatch(item -> item.state.isTerminal()))
            .flatMap(List::stream)
            .toList());
  }

  /** What those below are given of a task that has failed or was skipped. */
  String valueWithoutSuccess() {
    return switch (spec.kind()) {
      case SHORT_CIRCUIT, LATEST_ONLY -> marked ? "true" : "false";
      case BRANCH -> "[]";
      case GATE -> "";
      case MAP, MAP_RUNS -> marked ? ANY : itemsValue();
      default -> "null";
    };
  }

  private static String valueOf(List<Item> some) {
    if (some.stream().anyMatch(item -> item.state == State.SUCCESS && item.value.equals(ANY))) {
      return ANY;
    }
    return some.stream()
        .filter(item -> item.state == State.SUCCESS)
        .map(item -> item.value)
        .collect(Collectors.joining(", ", "[", "]"));
  }

  /** The state of a map all of whose items have ended. */
  State stateOfItems() {
    if (items().stream().anyMatch(item -> item.state == State.FAILED)) {
      return State.FAILED;
    }
    return items().stream().allMatch(item -> item.state == State.SKIPPED)
        ? State.SKIPPED
        : State.SUCCESS;
  }

  /** Whether child runs work off the items, each of which says how they ended when it ends. */
  boolean isChunked() {
    return items().size() > CHUNK;
  }

  /** The child run that executes a call, as its id ends; null if it is an activity of the run. */
  @Nullable String childOf(Call call) {
    if (spec.kind() == Kind.CHILD || spec.kind() == Kind.MAP_RUNS) {
      return call.key();
    }
    int first = call.item / CHUNK * CHUNK;
    return isChunked()
        ? "%s[%d..%d]".formatted(id(), first, Math.min(first + CHUNK, items().size()) - 1)
        : null;
  }

  private boolean isExecutingChunk(int chunk) {
    return calls.stream().anyMatch(call -> !call.queued && call.item / CHUNK == chunk);
  }

  boolean allItemsEnded() {
    return itemsEnded() == items().size();
  }

  long itemsEnded() {
    return items().stream().filter(item -> item.state.isTerminal()).count();
  }

  @Override
  public String toString() {
    return Objects.toString(
        items == null
            ? state
            : "%s%s".formatted(state, Collections.frequency(items, null) == 0 ? states() : ""));
  }

  private String states() {
    return items().stream()
        .collect(Collectors.groupingBy(item -> item.state, Collectors.counting()))
        .toString();
  }
}
