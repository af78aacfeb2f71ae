package io.millrace.engine;

import java.util.Comparator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What the states of the tasks say about the run.
 *
 * @param dag says which failures count
 */
record RunOutcome(Dag dag, Graph graph) {

  boolean allEnded() {
    return graph.order().stream().allMatch(node -> node.state().isTerminal());
  }

  /** Whether a run that was not stopped has succeeded, once all tasks have ended. */
  boolean succeeded() {
    if (dag.failsOnAnyFailure()) {
      return graph.order().stream().noneMatch(RunOutcome::hasFailed);
    }
    return graph.leaves().stream().noneMatch(RunOutcome::hasFailed)
        && graph.order().stream().noneMatch(node -> node.failsRun() && hasFailed(node));
  }

  private static boolean hasFailed(Node<?, ?> node) {
    return node.state() == NodeState.FAILED || node.state() == NodeState.UPSTREAM_FAILED;
  }

  /** The teardowns that failed in a run that did not fail for it, for an alert; else empty. */
  String failedTeardowns() {
    return graph.order().stream()
        .filter(node -> node.isTeardown() && node.state() == NodeState.FAILED)
        .map(node -> "%s failed: %s".formatted(node.id(), node.report().detail()))
        .collect(Collectors.joining("; "));
  }

  /**
   * Why a run that succeeded has done nothing: each of the last tasks was skipped, and so was a
   * task that decides this, or no task has succeeded that does work. Null if it has done something.
   */
  @Nullable String whySkipped() {
    boolean worked =
        graph.leaves().stream().anyMatch(node -> node.state() != NodeState.SKIPPED)
            || (graph.order().stream().noneMatch(RunOutcome::skipsRun)
                && graph.order().stream().anyMatch(RunOutcome::hasWorked));
    return worked
        ? null
        : graph.order().stream()
            .filter(node -> node.state() == NodeState.SKIPPED)
            .min(Comparator.comparing(node -> !skipsRun(node)))
            .map(node -> node.report().detail())
            .orElse(null);
  }

  private static boolean skipsRun(Node<?, ?> node) {
    return node.skipsRun() && node.state() == NodeState.SKIPPED;
  }

  private static boolean hasWorked(Node<?, ?> node) {
    boolean decides =
        node instanceof Decider<?, ?> || node instanceof Waiter<?, ?> || node instanceof Gate;
    return node.state() == NodeState.SUCCESS && !decides;
  }
}
