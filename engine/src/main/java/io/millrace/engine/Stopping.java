package io.millrace.engine;

import io.temporal.workflow.CancellationScope;
import io.temporal.workflow.Workflow;
import io.temporal.workflow.WorkflowInfo;
import java.time.Duration;
import java.time.Instant;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * How a run ends before its tasks have: cancelled, out of time, at the first failure, or before its
 * history is too long. What runs is cancelled, what has not begun is skipped, teardowns run. What
 * goes on after a grace period is abandoned.
 */
final class Stopping {

  /** The server ends a run at 51,200 events or 50 MB; what is left is for teardowns and alerts. */
  static final long MAX_EVENTS = 40_000;

  static final long MAX_HISTORY_BYTES = 40L << 20;

  private final Dag dag;
  private final Graph graph;
  private final PreviousRun before;
  private final Runnable lookAgain;
  private @Nullable String reason;
  private @Nullable String due;
  private @Nullable CancellationScope deadline;
  private @Nullable CancellationScope grace;
  private @Nullable Instant awaitedUntil;

  /**
   * Stops nothing yet.
   *
   * @param before is not waited for any more once the run is stopped
   * @param lookAgain lets the run look at every task
   */
  Stopping(Dag dag, Graph graph, PreviousRun before, Runnable lookAgain) {
    this.dag = dag;
    this.graph = graph;
    this.before = before;
    this.lookAgain = lookAgain;
  }

  /** Starts the time of the DAG's deadline, if it has one. */
  void startDeadline() {
    Duration limit = dag.deadline();
    if (limit != null) {
      deadline =
          Timers.start(
              limit,
              () -> {
                due = "the run's deadline of %s has passed".formatted(limit);
                lookAgain.run();
              });
    }
  }

  void endDeadline() {
    if (deadline != null) {
      deadline.cancel();
    }
  }

  /** Why the run was stopped; null if it was not. */
  @Nullable String reason() {
    return reason;
  }

  /** Stops the run if it is to be stopped, and has not been; false if it was not. */
  boolean stopIfDue() {
    if (reason != null) {
      return false;
    }
    if (due == null && dag.failsFast() && anyFailed()) {
      due = "another task failed";
    }
    WorkflowInfo workflow = Workflow.getInfo();
    if (due == null
        && (workflow.getHistoryLength() > dag.maxEvents()
            || workflow.getHistorySize() > MAX_HISTORY_BYTES)) {
      due =
          ("its history has %,d events and %,d bytes, and the server ends a run at 51,200 events or"
                  + " 50 MB; let child runs do parts of the work, or start a rerun")
              .formatted(workflow.getHistoryLength(), workflow.getHistorySize());
    }
    if (due != null) {
      stop(due);
    }
    return due != null;
  }

  private boolean anyFailed() {
    return graph.order().stream()
        .anyMatch(node -> !node.isTeardown() && node.state() == NodeState.FAILED);
  }

  /**
   * Cancels what runs and skips what has not begun, but for teardowns, which run when what they
   * come after has ended, if their setup has succeeded.
   */
  void stop(String why) {
    reason = why;
    before.close();
    graph.order().stream().filter(node -> !node.isTeardown()).forEach(node -> node.stop(why));
    lookAgain.run();
    if (nothingGoesOn()) {
      return;
    }
    if (Workflow.getVersion("cancel-grace", Workflow.DEFAULT_VERSION, 1) == 1) {
      grace = Timers.start(dag.cancelGrace(), this::abandon);
    } else {
      // As builds before 2026-12 did: what does not heartbeat is not waited for.
      graph.order().stream()
          .filter(node -> !node.isTeardown() && node.policy().limits().heartbeat() == null)
          .forEach(node -> node.abandon("cancelled"));
    }
  }

  private void abandon() {
    grace = null;
    graph.order().stream()
        .filter(node -> !node.isTeardown())
        .forEach(
            node ->
                node.abandon(
                    "abandoned: it still went on %s after it was cancelled (%s)"
                        .formatted(dag.cancelGrace(), reason)));
  }

  /**
   * Waits, before the run ends, for what a mark has cancelled.
   *
   * @param beforeWait called before it waits, if it has to
   * @param isChanged whether a person has changed something meanwhile
   * @return whether the run may end: nothing goes on, or the grace period is over
   */
  boolean awaitExecutions(Runnable beforeWait, BooleanSupplier isChanged) {
    if (nothingGoesOn()
        || Workflow.getVersion("run-awaits-marked", Workflow.DEFAULT_VERSION, 1) != 1) {
      return true;
    }
    beforeWait.run();
    Instant now = DagRun.now();
    awaitedUntil = awaitedUntil == null ? now.plus(dag.cancelGrace()) : awaitedUntil;
    return !now.isBefore(awaitedUntil)
        || !Workflow.await(
            Duration.between(now, awaitedUntil), () -> nothingGoesOn() || isChanged.getAsBoolean());
  }

  private boolean nothingGoesOn() {
    return graph.order().stream().noneMatch(node -> node.life().isExecuting());
  }

  /** The run ends: nothing is abandoned any more. */
  void close() {
    if (grace != null) {
      grace.cancel();
    }
  }

  /**
   * Sees that a person can still change something.
   *
   * @throws IllegalArgumentException if the run is being stopped
   */
  void requireOpen(String what) {
    if (reason != null) {
      throw new IllegalArgumentException(
          "The run is ending (%s) and cannot be %s; start a rerun".formatted(reason, what));
    }
  }
}
