package io.millrace.engine.matrix;

import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A graph as data: both the DAG and the model are built from it. It is the params of a run.
 *
 * @param tasks each after those that it comes after
 * @param holdOnFailure whether a run with failures stays open
 * @param poolSize the slots of the run's own pool
 * @param heartbeats whether its activities heartbeat, so that they end when they are cancelled
 * @param pool the pool's name, which a rerun shares
 */
record GraphSpec(
    List<TaskSpec> tasks, boolean holdOnFailure, int poolSize, boolean heartbeats, String pool) {

  static GraphSpec of(List<TaskSpec> tasks) {
    return new GraphSpec(List.copyOf(tasks), false, 1, false, "none");
  }

  GraphSpec holdingOnFailure() {
    return new GraphSpec(tasks, true, poolSize, heartbeats, pool);
  }

  GraphSpec withPoolSize(int slots) {
    return new GraphSpec(tasks, holdOnFailure, slots, heartbeats, pool);
  }

  GraphSpec withHeartbeats() {
    return new GraphSpec(tasks, holdOnFailure, poolSize, true, pool);
  }

  GraphSpec withPool(String name) {
    return new GraphSpec(tasks, holdOnFailure, poolSize, heartbeats, name);
  }

  TaskSpec task(String id) {
    return tasks.stream().filter(task -> task.id().equals(id)).findFirst().orElseThrow();
  }

  /** Right above a task, its setups included. */
  Set<String> directlyAbove(String id) {
    Set<String> above = new LinkedHashSet<>(task(id).after());
    above.addAll(task(id).setups());
    return above;
  }

  Set<String> directlyBelow(String id) {
    return tasks.stream()
        .map(TaskSpec::id)
        .filter(other -> directlyAbove(other).contains(id))
        .collect(Collectors.toCollection(LinkedHashSet::new));
  }

  Set<String> above(String id) {
    Set<String> found = new LinkedHashSet<>();
    Deque<String> open = new ArrayDeque<>(directlyAbove(id));
    while (!open.isEmpty()) {
      String next = open.remove();
      if (found.add(next)) {
        open.addAll(directlyAbove(next));
      }
    }
    return found;
  }

  Set<String> below(String id) {
    return tasks.stream()
        .map(TaskSpec::id)
        .filter(other -> above(other).contains(id))
        .collect(Collectors.toCollection(LinkedHashSet::new));
  }

  Set<String> withBelow(Collection<String> ids) {
    Set<String> all = new LinkedHashSet<>(ids);
    ids.forEach(id -> all.addAll(below(id)));
    return all;
  }

  Set<String> teardownsOf(String setup) {
    return tasks.stream()
        .filter(task -> task.setups().contains(setup))
        .map(TaskSpec::id)
        .collect(Collectors.toCollection(LinkedHashSet::new));
  }

  boolean isSetup(String id) {
    return !teardownsOf(id).isEmpty();
  }

  /** The setups in whose scope a task is: it is below the setup and above one of its teardowns. */
  Set<String> scopesOf(String id) {
    Set<String> below = below(id);
    return above(id).stream()
        .filter(setup -> teardownsOf(setup).stream().anyMatch(below::contains))
        .collect(Collectors.toCollection(LinkedHashSet::new));
  }

  /** The setups further above that are not torn down above the task. */
  Set<String> indirectSetupsOf(String id) {
    Set<String> above = above(id);
    return above.stream()
        .filter(this::isSetup)
        .filter(setup -> !directlyAbove(id).contains(setup))
        .filter(setup -> teardownsOf(setup).stream().noneMatch(above::contains))
        .collect(Collectors.toCollection(LinkedHashSet::new));
  }

  /**
   * The tasks whose results a task takes: those right above it but the setups. One that may start
   * before all of them have ended takes none, for it depends on the moment what it would be given.
   */
  List<String> inputsOf(String id) {
    if (!task(id).awaitsAllAbove()) {
      return List.of();
    }
    return task(id).after().stream().filter(above -> !isSetup(above)).toList();
  }

  @Override
  public String toString() {
    return tasks.stream().map(TaskSpec::toString).collect(Collectors.joining("; "))
        + (holdOnFailure ? "; holds on failure" : "");
  }
}
