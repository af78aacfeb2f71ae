package io.millrace.engine.matrix;

import io.millrace.engine.TriggerRule;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * A graph as plain numbers, so that a failing one can be shrunk; every list of numbers is a graph.
 *
 * @param drafts one a task
 * @param withSetup whether the first task is a setup, torn down at the end
 * @param holdOnFailure whether a run with failures stays open
 */
record RandomGraph(List<Draft> drafts, boolean withSetup, boolean holdOnFailure) {

  private static final List<Kind> KINDS =
      List.of(
          Kind.TASK,
          Kind.TASK,
          Kind.TASK,
          Kind.TASK,
          Kind.TASK,
          Kind.MAP,
          Kind.MAP,
          Kind.MAP,
          Kind.MAP_RUNS,
          Kind.CHILD,
          Kind.SENSOR,
          Kind.BRANCH,
          Kind.SHORT_CIRCUIT,
          Kind.LATEST_ONLY,
          Kind.EVENT,
          Kind.GATE);

  /**
   * One task.
   *
   * @param kind an index of the kinds
   * @param above a bit for each earlier task: whether it stands above
   * @param rule an index of the trigger rules; from that many on the default
   * @param items of a map
   * @param choice a bit for each task below: whether a branch chooses it; 7 is a broken choice
   */
  record Draft(int kind, int above, int rule, int items, int choice) {}

  GraphSpec spec() {
    List<TaskSpec> tasks = new ArrayList<>();
    for (Draft draft : drafts) {
      tasks.add(task(draft, tasks));
    }
    if (withSetup) {
      addTeardown(tasks);
    }
    GraphSpec spec = GraphSpec.of(tasks);
    List<TaskSpec> chosen = new ArrayList<>();
    for (int i = 0; i < tasks.size(); i++) {
      int choice = i < drafts.size() ? drafts.get(i).choice() : 0;
      chosen.add(withChoice(tasks.get(i), choice, spec));
    }
    GraphSpec whole = GraphSpec.of(chosen);
    return holdOnFailure ? whole.holdingOnFailure() : whole;
  }

  private TaskSpec task(Draft draft, List<TaskSpec> earlier) {
    int number = earlier.size();
    List<String> above = new ArrayList<>();
    for (int i = 0; i < number; i++) {
      if ((draft.above() >> i & 1) == 1) {
        above.add(earlier.get(i).id());
      }
    }
    boolean setup = withSetup && number == 0;
    boolean takesNothing = above.isEmpty() || (withSetup && above.equals(List.of("t0")));
    Kind kind = setup ? Kind.TASK : KINDS.get(draft.kind() % KINDS.size());
    boolean needsInput = kind == Kind.MAP_RUNS || kind == Kind.BRANCH || kind == Kind.SHORT_CIRCUIT;
    if (needsInput && takesNothing) {
      kind = Kind.TASK;
    }
    TriggerRule[] rules = TriggerRule.values();
    boolean byDefault = draft.rule() >= rules.length || (withSetup && above.contains("t0"));
    TaskSpec task =
        TaskSpec.of("t" + number, kind, above.toArray(String[]::new)).withItems(draft.items());
    TaskSpec ruled = byDefault ? task : task.withRule(rules[draft.rule()]);
    return needsInput && !ruled.awaitsAllAbove() ? task : ruled;
  }

  /** After what is below the setup; a branch is not right above a teardown. */
  private static void addTeardown(List<TaskSpec> tasks) {
    GraphSpec spec = GraphSpec.of(tasks);
    Set<String> below = spec.below("t0");
    String[] last =
        below.stream()
            .filter(id -> spec.task(id).kind() != Kind.BRANCH)
            .filter(id -> below.size() < 4 || !id.equals("t" + (tasks.size() - 1)))
            .toArray(String[]::new);
    tasks.add(TaskSpec.of("down", Kind.TASK, last).teardownOf("t0"));
  }

  private static TaskSpec withChoice(TaskSpec task, int choice, GraphSpec spec) {
    if (task.kind() == Kind.SHORT_CIRCUIT) {
      return choice == 7
          ? task.choosing("throw")
          : choice < 5 ? task.choosing("go") : task.choosing();
    }
    if (task.kind() != Kind.BRANCH) {
      return task;
    }
    if (choice == 7) {
      return task.choosing("nowhere");
    }
    List<String> below = List.copyOf(spec.directlyBelow(task.id()));
    List<String> chosen = new ArrayList<>();
    for (int i = 0; i < below.size(); i++) {
      if ((choice >> (i % 3) & 1) == 1) {
        chosen.add(below.get(i));
      }
    }
    return task.choosing(chosen.toArray(String[]::new));
  }

  @Override
  public String toString() {
    return spec().toString();
  }
}
