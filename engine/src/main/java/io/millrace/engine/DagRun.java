package io.millrace.engine;

import io.millrace.engine.RunReport.RunState;
import io.temporal.failure.ApplicationFailure;
import io.temporal.failure.CanceledFailure;
import io.temporal.workflow.Workflow;
import java.time.Instant;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Drives a graph: decides after every change which tasks start, and holds no thread for any. */
final class DagRun {

  /** The failure type of a run in which a task failed. */
  static final String FAILED = "DagRunFailed";

  private static final int MAX_MESSAGE = 2_000;

  private final Dag dag;
  private final String dagId;
  private final DataInterval interval;
  private final String params;
  private final Collection<Node<?, ?>> nodes;
  private final SearchAttributes attributes;
  private RunState state = RunState.RUNNING;
  private boolean dirty;

  DagRun(String dagId, DataInterval interval, String params, Dag dag) {
    this.dag = dag;
    this.dagId = dagId;
    this.interval = interval;
    this.params = params;
    this.nodes = dag.nodes().values();
    this.attributes = SearchAttributes.begin(dagId, interval);
    nodes.forEach(node -> node.attach(this));
  }

  void changed() {
    dirty = true;
  }

  /**
   * Runs to the end.
   *
   * @throws ApplicationFailure of type {@link #FAILED} if the run failed
   * @throws CanceledFailure if it was cancelled, once the tasks that ran have ended
   */
  RunReport execute() {
    try {
      drive();
    } catch (CanceledFailure e) {
      cancelTasks();
      end(RunState.CANCELLED);
      throw e;
    }
    end(succeeded() ? RunState.SUCCESS : RunState.FAILED);
    RunReport report = report();
    if (state == RunState.FAILED) {
      throw ApplicationFailure.newNonRetryableFailure(failures(report), FAILED, report);
    }
    return report;
  }

  RunReport report() {
    return new RunReport(
        dagId,
        Workflow.getInfo().getWorkflowId(),
        state,
        interval.start(),
        interval.end(),
        params,
        nodes.stream().map(Node::report).toList());
  }

  /** Upstream tasks stand before downstream ones, so one pass settles everything. */
  private void drive() {
    while (true) {
      dirty = false;
      nodes.forEach(Node::settle);
      if (allEnded()) {
        return;
      }
      show();
      attributes.awaitingInput(
          nodes.stream().anyMatch(node -> node.state() == NodeState.AWAITING_INPUT));
      Workflow.await(() -> dirty);
    }
  }

  /**
   * The cancel has reached the activities and child runs by their scope. What has not begun is
   * skipped; this waits for what had, so that the report says how it ended.
   */
  private void cancelTasks() {
    nodes.forEach(Node::cancel);
    Workflow.newDetachedCancellationScope(() -> Workflow.await(this::allEnded)).run();
  }

  private boolean allEnded() {
    return nodes.stream().allMatch(node -> node.state().isTerminal());
  }

  private void end(RunState how) {
    state = how;
    attributes.end(how);
    show();
  }

  private void show() {
    Workflow.setCurrentDetails(Grid.markdown(report()));
  }

  private boolean succeeded() {
    return (dag.failsOnAnyFailure() ? nodes : leaves())
        .stream()
            .noneMatch(
                node ->
                    node.state() == NodeState.FAILED || node.state() == NodeState.UPSTREAM_FAILED);
  }

  private List<Node<?, ?>> leaves() {
    Set<Node<?, ?>> inner = new HashSet<>();
    nodes.forEach(node -> inner.addAll(node.upstream()));
    return nodes.stream().filter(node -> !inner.contains(node)).collect(Collectors.toList());
  }

  /** Names each failed task and its reason; the report itself is in the failure's details. */
  private static String failures(RunReport report) {
    String causes =
        report.tasks().stream()
            .filter(task -> task.state() == NodeState.FAILED)
            .map(task -> "%s failed: %s".formatted(task.id(), task.detail()))
            .collect(Collectors.joining("; "));
    return causes.length() <= MAX_MESSAGE ? causes : causes.substring(0, MAX_MESSAGE) + "…";
  }

  static Instant now() {
    return Instant.ofEpochMilli(Workflow.currentTimeMillis());
  }
}
