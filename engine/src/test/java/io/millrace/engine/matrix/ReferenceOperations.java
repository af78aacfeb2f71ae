package io.millrace.engine.matrix;

import io.millrace.engine.matrix.TaskModel.Call;
import io.millrace.engine.matrix.TaskModel.Item;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What people do to a {@link ReferenceRun}: each answers whether it is done or why it is not. */
final class ReferenceOperations {

  private final ReferenceRun run;

  ReferenceOperations(ReferenceRun run) {
    this.run = run;
  }

  Answer hold(@Nullable String task) {
    if (run.stopped) {
      return Answer.RUN_IS_ENDING;
    }
    if (task == null) {
      if (run.held) {
        return Answer.HELD_ALREADY;
      }
      run.held = true;
    } else {
      State now = run.task(task).state;
      if (run.task(task).started && now != State.NONE && now != State.RESTARTING) {
        return Answer.HAS_STARTED;
      }
      run.breakpoints.add(task);
    }
    return done();
  }

  Answer release(@Nullable String task) {
    if (task == null) {
      if (!run.held && !run.isHeldForFailures()) {
        return Answer.NOT_HELD;
      }
      run.held = false;
      run.gaveUpHolding = true;
    } else if (!run.breakpoints.remove(task)) {
      return Answer.NOT_HELD;
    }
    return done();
  }

  /** Cancels the run: what has not begun is skipped, what runs is waited for, teardowns run. */
  Answer cancel() {
    run.stopped = true;
    for (TaskModel task : run.tasks.values()) {
      if (task.spec.tearsDown()) {
        continue;
      }
      task.calls.removeIf(call -> call.queued);
      switch (task.state) {
        case NONE, QUEUED, AWAITING_INPUT -> run.finish(task, State.SKIPPED, TaskModel.ANY);
        case RUNNING -> {
          if (task.spec.kind().isMap()) {
            cancelMap(task);
          }
        }
        default -> {}
      }
    }
    return done();
  }

  /** Items that wait for a slot are skipped if the map has begun nothing; else it fails. */
  private void cancelMap(TaskModel task) {
    if (task.items().stream().allMatch(item -> item.state == State.QUEUED)) {
      task.items().forEach(item -> item.state = State.SKIPPED);
    }
    run.endMap(task);
  }

  // ---- mark ----

  /**
   * Sets a state by hand.
   *
   * @param item of a map, or negative
   * @param value of a success as the model writes values; null for none
   */
  Answer mark(String id, int item, State state, @Nullable String value, boolean fits) {
    if (run.stopped) {
      return Answer.RUN_IS_ENDING;
    }
    TaskModel task = run.task(id);
    if (item >= 0 && item >= task.items().size()) {
      return Answer.NO_SUCH_ITEM;
    }
    State now = item < 0 ? task.state : task.items().get(item).state;
    if (now == state) {
      return Answer.STATE_ALREADY;
    }
    if (value != null && state != State.SUCCESS) {
      return Answer.VALUE_WITHOUT_SUCCESS;
    }
    if (task.spec.kind() == Kind.GATE && state == State.SUCCESS && value == null) {
      return Answer.OPTION_NEEDED;
    }
    if (!fits) {
      return Answer.WRONG_VALUE;
    }
    if (item < 0) {
      markTask(task, state, value);
    } else {
      markItem(task, item, state, value);
    }
    resume(run.spec.below(id));
    return done();
  }

  private void markTask(TaskModel task, State state, @Nullable String value) {
    String made = task.items == null ? TaskModel.ANY : task.valueWithoutOpenChunks();
    abandon(task.calls);
    for (Item each : task.items()) {
      each.state = state;
      each.earned = false;
    }
    task.started = true;
    task.marked = true;
    task.worked = true;
    task.earned = false;
    task.chosen = value == null || state != State.SUCCESS ? null : chosenBy(task, value);
    run.finish(task, state, value == null ? valueOfMark(task, made) : value);
  }

  private static List<String> chosenBy(TaskModel task, String value) {
    if (task.spec.kind() == Kind.BRANCH) {
      String ids = value.substring(1, value.length() - 1);
      return ids.isEmpty() ? List.of() : List.of(ids.split(", "));
    }
    return value.equals("true") ? List.of("go") : List.of();
  }

  /** Without a value a task gives null, and a map what it has. */
  private static String valueOfMark(TaskModel task, String made) {
    return switch (task.spec.kind()) {
      case TASK, CHILD, SENSOR, EVENT -> "null";
      case MAP, MAP_RUNS -> made;
      default -> TaskModel.ANY;
    };
  }

  private void markItem(TaskModel task, int index, State state, @Nullable String value) {
    abandon(task.calls.stream().filter(call -> call.item == index).toList());
    task.calls.removeIf(call -> call.item == index && call.queued);
    Item item = task.items().get(index);
    item.state = state;
    item.value = value == null ? TaskModel.ANY : value;
    item.earned = false;
    task.worked = true;
    if (task.allItemsEnded() && !(task.isChunked() && task.isExecuting())) {
      run.endMap(task);
    }
  }

  private static void abandon(List<Call> calls) {
    calls.forEach(call -> call.wanted = false);
    if (!calls.isEmpty()) {
      calls.get(0).task.calls.removeIf(call -> !call.wanted && call.queued);
    }
  }

  /** As in Airflow, what failed below a marked task is done again. */
  private void resume(Set<String> below) {
    for (String id : below) {
      if (run.task(id).state == State.FAILED) {
        run.task(id).reset(false);
      }
    }
    decideAgain(below);
  }

  /** What did not run because of tasks above that are different now. */
  private void decideAgain(Set<String> below) {
    for (String id : below) {
      TaskModel task = run.task(id);
      if (task.state.isTerminal() && !task.started) {
        task.reset(false);
      }
    }
  }

  // ---- clear ----

  /**
   * Has tasks done again.
   *
   * @param names tasks, or items as {@code task[index]}; none for every failed task
   */
  Answer clear(List<String> names, boolean upstream, boolean downstream, boolean onlyFailed) {
    if (run.stopped) {
      return Answer.RUN_IS_ENDING;
    }
    Map<String, Set<Integer>> items = new LinkedHashMap<>();
    Set<String> whole = new LinkedHashSet<>();
    boolean failedOnly = onlyFailed || names.isEmpty();
    for (String name : names.isEmpty() ? failed() : names) {
      if (name.endsWith("]")) {
        if (!nameItem(name, items)) {
          return Answer.NO_SUCH_ITEM;
        }
      } else if (!failedOnly) {
        whole.add(name);
      } else if (!failedItems(run.task(name)).isEmpty()) {
        items.put(name, failedItems(run.task(name)));
      } else if (hasFailed(run.task(name))) {
        whole.add(name);
      }
    }
    whole.removeIf(id -> !run.task(id).started && !run.task(id).state.isTerminal());
    if (whole.isEmpty() && items.isEmpty()) {
      return Answer.NOTHING_TO_DO;
    }
    Set<String> named = new LinkedHashSet<>(whole);
    named.addAll(items.keySet());
    for (String name : named) {
      whole.addAll(upstream ? followers(run.spec.above(name), named, onlyFailed) : Set.of());
      whole.addAll(downstream ? followers(run.spec.below(name), named, onlyFailed) : Set.of());
    }
    clear(whole, items);
    return done();
  }

  private void clear(Set<String> whole, Map<String, Set<Integer>> items) {
    Set<String> resources = new LinkedHashSet<>();
    whole.forEach(id -> resources.addAll(resourcesOf(id)));
    items.keySet().forEach(id -> resources.addAll(resourcesOf(id)));
    resources.removeAll(whole);
    resources.removeIf(id -> run.task(id).state == State.NONE);
    Set<String> below = new LinkedHashSet<>(whole);
    below.addAll(items.keySet());
    whole.forEach(id -> run.task(id).reset(false));
    for (String id : resources) {
      run.task(id).reset(true);
    }
    items.forEach((id, indexes) -> clearItems(run.task(id), indexes));
    decideAgain(run.spec.withBelow(below));
  }

  /** What has started of the tasks around those that are named. */
  private Set<String> followers(Set<String> around, Set<String> named, boolean onlyFailed) {
    return around.stream()
        .filter(id -> !named.contains(id))
        .filter(id -> run.task(id).started)
        .filter(id -> !onlyFailed || run.task(id).state == State.FAILED)
        .collect(Collectors.toCollection(LinkedHashSet::new));
  }

  private boolean nameItem(String name, Map<String, Set<Integer>> items) {
    String id = name.substring(0, name.indexOf('['));
    int index = Integer.parseInt(name.substring(name.indexOf('[') + 1, name.length() - 1));
    items.computeIfAbsent(id, any -> new TreeSet<>()).add(index);
    return index < run.task(id).items().size();
  }

  private static boolean hasFailed(TaskModel task) {
    return task.state == State.FAILED || task.state == State.UPSTREAM_FAILED;
  }

  /** The items of a map that failed, or did not run because it failed; none of a marked one. */
  private static Set<Integer> failedItems(TaskModel task) {
    Set<Integer> failed = new TreeSet<>();
    for (int i = 0; i < task.items().size(); i++) {
      if (!task.marked && task.items().get(i).state == State.FAILED) {
        failed.add(i);
      }
    }
    return failed;
  }

  /** The others keep their state, and go on if the map does. */
  private void clearItems(TaskModel task, Set<Integer> indexes) {
    for (int index : indexes) {
      Item item = task.items().get(index);
      abandon(task.calls.stream().filter(call -> call.item == index).toList());
      item.state = task.isExecuting(index) ? State.RESTARTING : State.NONE;
      item.value = TaskModel.ANY;
      item.earned = false;
    }
    task.cleared = true;
    task.earned = false;
    task.onlyForScope = false;
    if (task.state.isTerminal()) {
      task.calls.forEach(call -> call.wanted = false);
      task.state = task.isExecuting() ? State.RESTARTING : State.NONE;
    } else if (task.state == State.RUNNING) {
      run.startItems(task);
    }
  }

  private List<String> failed() {
    return run.tasks.values().stream()
        .filter(task -> task.state == State.FAILED)
        .map(TaskModel::id)
        .toList();
  }

  /** The setups in whose scope a task is, and their teardowns; none for one of these itself. */
  private Set<String> resourcesOf(String id) {
    Set<String> resources = new LinkedHashSet<>();
    if (!run.spec.isSetup(id) && !run.task(id).spec.tearsDown()) {
      for (String setup : run.spec.scopesOf(id)) {
        resources.add(setup);
        resources.addAll(run.spec.teardownsOf(setup));
      }
    }
    return resources;
  }

  private Answer done() {
    run.settle();
    return Answer.DONE;
  }
}
