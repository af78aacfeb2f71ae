package io.millrace.engine.matrix;

import io.millrace.engine.matrix.TaskModel.Item;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What a rerun may take over of a run that has ended: results of executions, not of marks.
 *
 * @param clear the tasks that run again though they had succeeded
 */
record PastRun(Map<String, Result> results, Set<String> clear) {

  static final PastRun NONE = new PastRun(Map.of(), Set.of());

  /** What an execution made of what. */
  record Result(String inputs, String value) {}

  static PastRun of(ReferenceRun run, List<String> clear) {
    Map<String, Result> results = new HashMap<>();
    for (TaskModel task : run.tasks.values()) {
      if (task.items == null && task.earned && task.state == State.SUCCESS) {
        results.put(task.id(), new Result(task.inputs, task.value));
      }
      for (int i = 0; i < task.items().size(); i++) {
        Item item = task.items().get(i);
        if (item.earned && item.state == State.SUCCESS) {
          results.put(task.spec.key(i), new Result(task.inputs, item.value));
        }
      }
    }
    return new PastRun(results, Set.copyOf(clear));
  }

  boolean isEmpty() {
    return results.isEmpty();
  }

  /** Everything below a task that ran again runs again; a setup for its scope does not count. */
  boolean isOutdated(ReferenceRun run, TaskModel task) {
    return !results.isEmpty()
        && (task.cleared
            || clear.contains(task.id())
            || run.spec.above(task.id()).stream().map(run::task).anyMatch(PastRun::isNew));
  }

  private static boolean isNew(TaskModel task) {
    return (task.worked || task.outdated) && !task.onlyForScope;
  }

  /** Takes over what it can; whether the task is done by that. */
  boolean takesOver(TaskModel task) {
    if (results.isEmpty() || task.outdated) {
      return false;
    }
    if (task.spec.kind().isMap()) {
      return takesOverItems(task);
    }
    Result result = results.get(task.id());
    boolean fits =
        result != null && (task.spec.kind().awaitsInput() || same(result.inputs(), task.inputs));
    if (fits) {
      task.state = State.SUCCESS;
      task.value = result.value();
      task.earned = true;
    }
    return fits;
  }

  private boolean takesOverItems(TaskModel task) {
    boolean any = false;
    for (int i = 0; i < task.spec.items(); i++) {
      Result result = results.get(task.spec.key(i));
      if (result != null && same(result.inputs(), task.inputs)) {
        task.expand();
        Item item = task.items().get(i);
        item.state = State.SUCCESS;
        item.value = result.value();
        item.earned = true;
        any = true;
      }
    }
    if (any && task.allItemsEnded()) {
      task.state = State.SUCCESS;
      task.value = task.itemsValue();
      task.earned = true;
      return true;
    }
    return false;
  }

  /** Whether two inputs may be the same; what nobody may rely on is like anything. */
  static boolean same(String expected, String actual) {
    String[] left = expected.split(";", -1);
    String[] right = actual.split(";", -1);
    if (left.length != right.length) {
      return false;
    }
    for (int i = 0; i < left.length; i++) {
      boolean any = left[i].endsWith("=" + TaskModel.ANY) || right[i].endsWith("=" + TaskModel.ANY);
      if (!any && !left[i].equals(right[i])) {
        return false;
      }
    }
    return true;
  }
}
