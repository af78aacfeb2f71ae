package io.millrace.engine.matrix;

import io.millrace.engine.matrix.TaskModel.Call;
import io.millrace.engine.matrix.TaskModel.Item;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
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
      if (run.task(task).started) {
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
            run.endMap(task);
          }
        }
        default -> {}
      }
    }
    return done();
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
    decideAgain(run.spec.below(id));
    return done();
  }

  private void markTask(TaskModel task, State state, @Nullable String value) {
    String made = task.items == null ? TaskModel.ANY : task.itemsValue();
    abandon(task.calls);
    for (Item each : task.items()) {
      each.state = state;
      each.earned = false;
    }
    task.started = true;
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
    if (task.allItemsEnded()) {
      run.endMap(task);
    }
  }

  private static void abandon(List<Call> calls) {
    calls.forEach(call -> call.wanted = false);
    if (!calls.isEmpty()) {
      calls.get(0).task.calls.removeIf(call -> !call.wanted && call.queued);
    }
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
    if (names.size() == 1 && names.get(0).endsWith("]")) {
      return clearItem(names.get(0), downstream);
    }
    Set<String> wanted = new LinkedHashSet<>();
    for (String name : names.isEmpty() ? failed() : names) {
      wanted.add(name);
      wanted.addAll(upstream ? run.spec.above(name) : Set.of());
      wanted.addAll(downstream ? run.spec.below(name) : Set.of());
    }
    if (onlyFailed) {
      wanted.removeIf(
          id -> run.task(id).state != State.FAILED && run.task(id).state != State.UPSTREAM_FAILED);
    }
    if (wanted.isEmpty()) {
      return Answer.NONE_FAILED;
    }
    Set<String> failed = Set.copyOf(wanted);
    for (String id : failed) {
      wanted.addAll(resourcesOf(id));
    }
    boolean any = wanted.stream().anyMatch(id -> run.task(id).state != State.NONE);
    for (String id : wanted) {
      TaskModel task = run.task(id);
      if (task.started || task.state != State.NONE) {
        task.reset(onlyFailed && failed.contains(id));
      }
    }
    decideAgain(run.spec.withBelow(wanted));
    done();
    return any ? Answer.DONE : Answer.NOTHING_TO_DO;
  }

  private Answer clearItem(String name, boolean downstream) {
    String id = name.substring(0, name.indexOf('['));
    int index = Integer.parseInt(name.substring(name.indexOf('[') + 1, name.length() - 1));
    TaskModel task = run.task(id);
    if (index >= task.items().size()) {
      return Answer.NO_SUCH_ITEM;
    }
    Set<String> others = new LinkedHashSet<>(downstream ? run.spec.below(id) : Set.of());
    others.addAll(resourcesOf(id));
    for (String other : Set.copyOf(others)) {
      others.addAll(resourcesOf(other));
    }
    for (String other : others) {
      if (run.task(other).started) {
        run.task(other).reset(false);
      }
    }
    Item item = task.items().get(index);
    abandon(task.calls.stream().filter(call -> call.item == index).toList());
    item.state = task.isExecuting(index) ? State.RESTARTING : State.NONE;
    item.value = TaskModel.ANY;
    item.earned = false;
    task.cleared = true;
    task.earned = false;
    if (task.state.isTerminal()) {
      task.state = item.state;
    } else if (task.state == State.RUNNING && item.state == State.NONE) {
      run.startItems(task);
    }
    decideAgain(run.spec.below(id));
    return done();
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
