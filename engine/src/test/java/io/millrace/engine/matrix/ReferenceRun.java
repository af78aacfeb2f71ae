package io.millrace.engine.matrix;

import io.millrace.engine.matrix.Rules.Verdict;
import io.millrace.engine.matrix.TaskModel.Call;
import io.millrace.engine.matrix.TaskModel.Item;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * A small model of one run: what the rules say of each task, without a server and without any code
 * of the engine. What people do to it is in {@link ReferenceOperations}.
 *
 * <p>After each step it has settled: all that may start has started, and goes on until it is ended.
 */
final class ReferenceRun {

  final GraphSpec spec;
  final Map<String, TaskModel> tasks = new LinkedHashMap<>();
  final Map<String, Integer> executions = new TreeMap<>();
  final Set<String> breakpoints = new TreeSet<>();
  final PastRun past;
  boolean held;
  boolean gaveUpHolding;
  boolean stopped;
  private final Deque<Call> queue = new ArrayDeque<>();
  private int free;

  ReferenceRun(GraphSpec spec, PastRun past) {
    this.spec = spec;
    this.past = past;
    this.free = spec.poolSize();
    spec.tasks().forEach(task -> tasks.put(task.id(), new TaskModel(task)));
    settle();
  }

  TaskModel task(String id) {
    TaskModel task = tasks.get(id);
    if (task == null) {
      throw new IllegalArgumentException("no task " + id);
    }
    return task;
  }

  // ---- what can be seen ----

  boolean hasEnded() {
    return allTerminal()
        && tasks.values().stream().noneMatch(TaskModel::isExecuting)
        && !isHeldForFailures();
  }

  boolean isHeldForFailures() {
    return spec.holdOnFailure() && !gaveUpHolding && !stopped && allTerminal() && !succeeded();
  }

  /** The run's state in the words of {@code RunState}. */
  String state() {
    if (!hasEnded()) {
      return (held && !allTerminal()) || isHeldForFailures() ? "HELD" : "RUNNING";
    }
    return stopped ? "CANCELLED" : succeeded() ? "SUCCESS" : "FAILED";
  }

  /** What is executing, including what was cancelled and has not ended yet. */
  Set<String> executing() {
    return tasks.values().stream()
        .flatMap(task -> task.calls.stream())
        .filter(call -> !call.queued)
        .map(Call::key)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private boolean allTerminal() {
    return tasks.values().stream().allMatch(task -> task.state.isTerminal());
  }

  /** The leaves decide, teardowns not counted. */
  private boolean succeeded() {
    return tasks.values().stream()
        .filter(task -> !task.spec.tearsDown())
        .filter(
            task ->
                spec.directlyBelow(task.id()).stream()
                    .allMatch(below -> task(below).spec.tearsDown()))
        .noneMatch(task -> task.state == State.FAILED || task.state == State.UPSTREAM_FAILED);
  }

  // ---- what happens ----

  /**
   * Ends an execution.
   *
   * @param value of a success
   */
  void end(String key, Outcome outcome, int value) {
    Call call = executing(key);
    close(call);
    if (call.wanted) {
      ended(call, stateOf(call, outcome), String.valueOf(value));
    }
    settle();
  }

  /** The execution of a task or item. */
  Call executing(String key) {
    return tasks.values().stream()
        .flatMap(task -> task.calls.stream())
        .filter(any -> !any.queued && any.key().equals(key))
        .findFirst()
        .orElseThrow();
  }

  boolean isCancelled(Call call) {
    return !call.wanted || (stopped && !call.task.spec.tearsDown());
  }

  /** A child run that has been asked to cancel ends as cancelled, also if it returns a result. */
  private State stateOf(Call call, Outcome outcome) {
    boolean child = call.task.spec.kind() == Kind.CHILD || call.task.spec.kind() == Kind.MAP_RUNS;
    boolean cancelled = stopped && !call.task.spec.tearsDown();
    return child && cancelled && outcome == Outcome.SUCCESS
        ? State.FAILED
        : State.valueOf(outcome.name());
  }

  /** Answers a gate, or brings an event. */
  void input(String id, String value) {
    TaskModel task = task(id);
    if (task.state == State.AWAITING_INPUT) {
      task.worked = true;
      task.earned = true;
      finish(task, State.SUCCESS, value);
      settle();
    }
  }

  private void close(Call call) {
    call.task.calls.remove(call);
    free += call.task.spec.slots();
    TaskModel task = call.task;
    if (!call.wanted && task.state == State.RESTARTING && !task.isExecuting()) {
      task.items().forEach(item -> restarted(item));
      task.state = stopped && !task.spec.tearsDown() ? State.SKIPPED : State.NONE;
    } else if (!call.wanted && call.item >= 0 && call.item < task.items().size()) {
      restarted(task.items().get(call.item));
      if (task.state == State.RUNNING && !stopped) {
        startItems(task);
      }
      if (task.state == State.RUNNING && task.isChunked() && !task.isExecuting()) {
        endMap(task);
      }
    }
  }

  private static void restarted(Item item) {
    if (item.state == State.RESTARTING) {
      item.state = State.NONE;
    }
  }

  private void ended(Call call, State outcome, String value) {
    TaskModel task = call.task;
    if (call.item < 0) {
      task.earned = outcome == State.SUCCESS;
      finish(task, outcome, value);
      return;
    }
    Item item = task.items().get(call.item);
    item.state = outcome;
    item.value = outcome == State.SUCCESS ? value : TaskModel.ANY;
    item.earned = outcome == State.SUCCESS;
    endMap(task);
  }

  /** Ends a map whose items have ended, or that is stopped and has nothing under way. */
  void endMap(TaskModel task) {
    if (task.allItemsEnded()) {
      task.earned = task.items().stream().allMatch(item -> item.earned);
      finish(task, task.stateOfItems(), task.itemsValue());
    } else if (stopped && task.wanted().isEmpty()) {
      finish(task, State.FAILED, TaskModel.ANY);
    }
  }

  void finish(TaskModel task, State end, String value) {
    task.state = end;
    task.value = end == State.SUCCESS ? value : task.valueWithoutSuccess();
    task.stands = end == State.SUCCESS;
  }

  /** What heartbeats ends by itself when it is cancelled. */
  private void endCancelled() {
    for (TaskModel task : tasks.values()) {
      boolean all = stopped && !task.spec.tearsDown();
      for (Call call : List.copyOf(task.calls)) {
        if (!call.queued && (all || !call.wanted)) {
          close(call);
          if (call.wanted) {
            ended(call, State.FAILED, TaskModel.ANY);
          }
        }
      }
    }
  }

  /** Decides until nothing changes any more. */
  void settle() {
    if (spec.heartbeats()) {
      endCancelled();
    }
    boolean changed = true;
    while (changed) {
      changed = grant();
      for (TaskModel task : tasks.values()) {
        if (task.state == State.NONE) {
          changed |= decide(task);
        }
      }
    }
  }

  private boolean decide(TaskModel task) {
    switch (verdict(task)) {
      case SKIP -> finish(task, State.SKIPPED, TaskModel.ANY);
      case UPSTREAM_FAIL -> finish(task, State.UPSTREAM_FAILED, TaskModel.ANY);
      case RUN -> {
        return tryToStart(task);
      }
      case WAIT -> {
        return false;
      }
    }
    task.items = null;
    return true;
  }

  Verdict verdict(TaskModel task) {
    String id = task.id();
    Set<String> direct = spec.directlyAbove(id);
    for (String above : spec.above(id)) {
      if (task(above).state == State.SUCCESS && excludes(task(above), task, direct)) {
        return Verdict.SKIP;
      }
    }
    if (task.spec.tearsDown()) {
      return Rules.teardown(counts(direct), counts(task.spec.setups()));
    }
    for (String setup : spec.indirectSetupsOf(id)) {
      State state = task(setup).state;
      if (state == State.FAILED || state == State.UPSTREAM_FAILED) {
        return Verdict.UPSTREAM_FAIL;
      }
      if (state != State.SUCCESS) {
        return state == State.SKIPPED ? Verdict.SKIP : Verdict.WAIT;
      }
    }
    return Rules.decide(task.spec.rule(), counts(direct));
  }

  private boolean excludes(TaskModel decider, TaskModel task, Set<String> direct) {
    if (decider.chosen == null || !decider.spec.kind().isDecider()) {
      return false;
    }
    boolean isDirect = direct.contains(decider.id());
    return switch (decider.spec.kind()) {
      case BRANCH -> isDirect && !spec.withBelow(chosen(decider)).contains(task.id());
      case SHORT_CIRCUIT -> decider.chosen.isEmpty() && !task.spec.tearsDown();
      default -> isDirect && decider.chosen.isEmpty() && !task.spec.tearsDown();
    };
  }

  /** What a branch has chosen; a group stands for its tasks right below the branch. */
  private List<String> chosen(TaskModel branch) {
    return spec.directlyBelow(branch.id()).stream()
        .filter(
            id ->
                branch.chosen.contains(id)
                    || branch.chosen.stream().anyMatch(group -> id.startsWith(group + ".")))
        .toList();
  }

  private Rules.Counts counts(Iterable<String> ids) {
    Rules.Counts counts = Rules.Counts.NONE;
    for (String id : ids) {
      counts = task(id).countInto(counts);
    }
    return counts;
  }

  // ---- starting ----

  private boolean tryToStart(TaskModel task) {
    boolean teardown = task.spec.tearsDown();
    if (stopped && !teardown) {
      finish(task, State.SKIPPED, TaskModel.ANY);
      return true;
    }
    if (!stopped && (held || breakpoints.contains(task.id()))) {
      return false;
    }
    if (spec.teardownsOf(task.id()).stream().anyMatch(id -> task(id).isExecuting())) {
      return false; // what it would set up is still being taken down
    }
    task.outdated = past.isOutdated(this, task);
    task.inputs = inputs(task);
    List<Item> before = task.items;
    if (past.takesOver(task)) {
      task.started = true;
      return true;
    }
    if (task.spec.kind().isDecider()) {
      choose(task);
      return true;
    }
    // Only a rerun finds out before the setup that a map has no items, and needs none.
    boolean works = past.isEmpty() || !task.spec.kind().isMap() || task.spec.items() > 0;
    for (String setup : spec.scopesOf(task.id())) {
      if (works && !teardown && task(setup).state == State.SUCCESS && !task(setup).stands) {
        setUpAgain(setup);
        task.items = before; // what it takes over is decided again when it starts
        return true;
      }
    }
    start(task);
    return true;
  }

  /** A setup whose teardown has started, or that ran in an earlier run only, runs again. */
  private void setUpAgain(String setup) {
    task(setup).reset(true);
    spec.teardownsOf(setup).forEach(teardown -> task(teardown).reset(true));
    queue.removeIf(call -> !call.task.calls.contains(call));
  }

  private String inputs(TaskModel task) {
    return spec.inputsOf(task.id()).stream()
        .map(above -> above + "=" + task(above).value)
        .collect(Collectors.joining(";"));
  }

  private void start(TaskModel task) {
    task.started = true;
    task.marked = false;
    task.spec.setups().forEach(setup -> task(setup).stands = false);
    switch (task.spec.kind()) {
      case EVENT, GATE -> task.state = State.AWAITING_INPUT;
      case MAP, MAP_RUNS -> {
        if (task.spec.items() == 0) {
          finish(task, State.SKIPPED, TaskModel.ANY);
          return;
        }
        task.expand();
        task.state = State.RUNNING;
        startItems(task);
        if (task.wanted().isEmpty()) {
          endMap(task);
        }
      }
      default -> call(task, -1);
    }
  }

  void startItems(TaskModel task) {
    for (int i = 0; i < task.items().size(); i++) {
      if (task.items().get(i).state == State.NONE) {
        call(task, i);
      }
    }
  }

  private void choose(TaskModel task) {
    task.started = true;
    List<String> choice = task.spec.choice();
    boolean broken =
        task.spec.kind() == Kind.BRANCH
            ? choice.stream().anyMatch(id -> !isBelow(task, id))
            : choice.contains("throw");
    if (broken) {
      finish(task, State.FAILED, TaskModel.ANY);
      return;
    }
    if (task.spec.kind() == Kind.BRANCH) {
      task.chosen = choice;
      finish(task, State.SUCCESS, choice.toString());
    } else {
      boolean goesOn = task.spec.kind() == Kind.LATEST_ONLY || choice.contains("go");
      task.chosen = goesOn ? List.of("go") : List.of();
      finish(task, State.SUCCESS, String.valueOf(goesOn));
    }
  }

  boolean isBelow(TaskModel branch, String choice) {
    return spec.directlyBelow(branch.id()).stream()
        .anyMatch(id -> id.equals(choice) || id.startsWith(choice + "."));
  }

  private void call(TaskModel task, int item) {
    Call call = new Call(task, item);
    call.queued = true;
    task.calls.add(call);
    queue.add(call);
    shows(call, State.QUEUED);
    grant();
  }

  private static void shows(Call call, State state) {
    if (call.item < 0) {
      call.task.state = state;
    } else {
      call.task.items().get(call.item).state = state;
    }
  }

  /** Executes what has a slot, or needs none. */
  private boolean grant() {
    queue.removeIf(call -> !call.task.calls.contains(call));
    boolean any = false;
    for (Call call : List.copyOf(queue)) {
      if (call.task.spec.slots() == 0 || (call == firstInPool() && fits(call))) {
        queue.remove(call);
        execute(call);
        any = true;
      }
    }
    return any;
  }

  private Call firstInPool() {
    return queue.stream().filter(call -> call.task.spec.slots() > 0).findFirst().orElseThrow();
  }

  private boolean fits(Call call) {
    return call.task.spec.slots() <= free;
  }

  private void execute(Call call) {
    TaskModel task = call.task;
    call.queued = false;
    free -= task.spec.slots();
    shows(call, State.RUNNING);
    task.worked = true;
    if (task.spec.kind() == Kind.TRIGGER) {
      executions.merge("triggered by " + task.id(), 1, Integer::sum);
      close(call);
      ended(call, State.SUCCESS, TaskModel.ANY);
      return;
    }
    executions.merge(call.key(), 1, Integer::sum);
    if (call.item >= 0 && task.spec.isAutomatic(call.item)) {
      close(call);
      ended(call, State.SUCCESS, String.valueOf(Executions.AUTOMATIC_VALUE));
    }
  }
}
