package io.millrace.engine;

import io.millrace.engine.RunReport.RunState;
import io.temporal.failure.ApplicationFailure;
import io.temporal.workflow.Workflow;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.Collectors;

/** Drives a graph: decides after every change which tasks start, and holds no thread for any. */
final class DagRun {

  /** The failure type of a run in which a task failed. */
  static final String FAILED = "DagRunFailed";

  private final String dagId;
  private final DataInterval interval;
  private final Collection<Node<?, ?>> nodes;
  private RunState state = RunState.RUNNING;
  private boolean dirty;

  DagRun(String dagId, DataInterval interval, Dag dag) {
    this.dagId = dagId;
    this.interval = interval;
    this.nodes = dag.nodes().values();
    nodes.forEach(node -> node.attach(this));
  }

  void changed() {
    dirty = true;
  }

  /** Runs to the end; throws {@link ApplicationFailure} of type {@link #FAILED} if it failed. */
  RunReport execute() {
    while (true) {
      dirty = false;
      settle();
      Workflow.setCurrentDetails(Grid.markdown(report()));
      if (nodes.stream().allMatch(node -> node.state().isTerminal())) {
        return end();
      }
      Workflow.await(() -> dirty);
    }
  }

  RunReport report() {
    return new RunReport(
        dagId,
        Workflow.getInfo().getWorkflowId(),
        state,
        interval.start(),
        interval.end(),
        nodes.stream().map(Node::report).toList());
  }

  /** Upstream tasks stand before downstream ones, so one pass settles everything. */
  private void settle() {
    nodes.forEach(Node::settle);
  }

  private RunReport end() {
    state = leavesSucceeded() ? RunState.SUCCESS : RunState.FAILED;
    RunReport report = report();
    Workflow.setCurrentDetails(Grid.markdown(report));
    if (state == RunState.FAILED) {
      throw ApplicationFailure.newNonRetryableFailure(failures(report), FAILED, report);
    }
    return report;
  }

  /** As in Airflow, the leaves decide: none of them failed. */
  private boolean leavesSucceeded() {
    Set<Node<?, ?>> inner = new HashSet<>();
    nodes.forEach(node -> inner.addAll(node.upstream()));
    return nodes.stream()
        .filter(node -> !inner.contains(node))
        .allMatch(node -> node.state() == NodeState.SUCCESS || node.state() == NodeState.SKIPPED);
  }

  private static String failures(RunReport report) {
    return report.tasks().stream()
        .filter(task -> task.state() == NodeState.FAILED)
        .map(task -> "%s failed: %s".formatted(task.id(), task.detail()))
        .collect(Collectors.joining("; "));
  }
}
