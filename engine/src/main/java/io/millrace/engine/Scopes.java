package io.millrace.engine;

import io.temporal.workflow.Workflow;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * The setups of a graph, and the tasks of their scopes: those below a setup and above its teardown.
 *
 * <p>A task of a scope starts only while its setup stands: the setup has succeeded in this run, and
 * none of its teardowns has started since; one that a person marked took nothing down. Otherwise
 * the setup runs first, and its teardown again in the end. What has succeeded in the scope is not
 * run again for that.
 */
final class Scopes {

  private final Map<Node<?, ?>, Set<Node<?, ?>>> teardowns;
  private final Map<Node<?, ?>, List<Node<?, ?>>> around = new LinkedHashMap<>();

  Scopes(Graph graph, Map<Node<?, ?>, Set<Node<?, ?>>> teardowns) {
    this.teardowns = teardowns;
    teardowns.forEach(
        (setup, undone) -> {
          Set<Node<?, ?>> below = graph.allBelow(setup);
          for (Node<?, ?> teardown : undone) {
            for (Node<?, ?> node : graph.allAbove(teardown)) {
              if (below.contains(node)) {
                List<Node<?, ?>> setups = around.computeIfAbsent(node, any -> new ArrayList<>());
                if (!setups.contains(setup)) {
                  setups.add(setup);
                }
              }
            }
          }
        });
  }

  /** The setups and teardowns that belong to a task's work; they are cleared with it. */
  Set<Node<?, ?>> resourcesOf(Node<?, ?> node) {
    Set<Node<?, ?>> resources = new LinkedHashSet<>();
    for (Node<?, ?> setup : around.getOrDefault(node, List.of())) {
      resources.add(setup);
      resources.addAll(teardownsOf(setup));
    }
    return resources;
  }

  /**
   * Whether the setups of a task stand, so that it may start. If not, they are started again, and
   * the task is looked at when they have ended.
   */
  boolean stand(Node<?, ?> node) {
    if (teardowns.getOrDefault(node, Set.of()).stream().anyMatch(t -> t.life().isExecuting())) {
      return false; // what it would set up is still being taken down
    }
    List<Node<?, ?>> fallen =
        around.getOrDefault(node, List.of()).stream()
            .filter(setup -> setup.state() == NodeState.SUCCESS && !stands(setup))
            .toList();
    if (fallen.isEmpty() || node.takesOver()) {
      return true;
    }
    fallen.forEach(this::renew);
    return false;
  }

  private boolean stands(Node<?, ?> setup) {
    boolean ofThisRun = setup.life().isOwn() || !setup.run().calls().isRerun();
    return ofThisRun
        && teardownsOf(setup).stream()
            .noneMatch(undo -> undo.life().hasStarted() && !undo.life().isMarked())
        && !isTakenDown(setup);
  }

  /** Also by a teardown that was cleared since; earlier releases did not know that. */
  private static boolean isTakenDown(Node<?, ?> setup) {
    return setup.life().isTakenDown()
        && Workflow.getVersion("setup-taken-down", Workflow.DEFAULT_VERSION, 1) == 1;
  }

  private void renew(Node<?, ?> setup) {
    setup.reset(true);
    for (Node<?, ?> teardown : teardownsOf(setup)) {
      if (teardown.state() != NodeState.NONE) {
        teardown.reset(true);
      }
    }
  }

  private Set<Node<?, ?>> teardownsOf(Node<?, ?> setup) {
    return Objects.requireNonNull(teardowns.get(setup));
  }
}
