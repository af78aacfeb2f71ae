package io.millrace.engine;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.engine.asset.AssetEvent;
import io.temporal.failure.CanceledFailure;
import io.temporal.workflow.Promise;
import io.temporal.workflow.Workflow;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One task of a DAG, in one run. Whatever kind of task it is, its state alone decides what is below
 * it, and it never executes twice at the same time.
 *
 * @param <T> the type of its result
 * @param <S> its own type, so that the settings can be chained
 */
public abstract sealed class Node<T, S extends Node<T, S>> extends Definition<T, S>
    permits Task, Mapped, Gate, Decider, Waiter {

  private final Lifecycle life = new Lifecycle();
  private @Nullable DagRun run;

  Node(String id, Policy policy) {
    super(id, policy);
  }

  /** Starts the node; it must call {@link #finish} in the end, and must not block. */
  abstract void start();

  /**
   * Whether it would execute nothing of its own if it started now, because an earlier run has its
   * results or it is decided in the run itself.
   */
  abstract boolean takesOver();

  final Lifecycle life() {
    return life;
  }

  final NodeState state() {
    return life.state();
  }

  final void attach(DagRun dagRun) {
    run = dagRun;
  }

  final DagRun run() {
    return Objects.requireNonNull(run, "the node belongs to no run yet");
  }

  @Override
  final Set<Node<?, ?>> sources() {
    return Set.of(this);
  }

  /** How the node counts for those below it; a mapped one counts once an item. */
  UpstreamCounts counts() {
    return UpstreamCounts.of(state(), 1);
  }

  /** The assets that the task makes. */
  final List<String> makes() {
    return outlets().stream().map(AssetEvent::asset).toList();
  }

  /** Items of a mapped task, done and in all; else empty. */
  String progress() {
    return "";
  }

  /** Decides from the upstream tasks whether to start, and lets what has started go on. */
  final void settle() {
    if ((state() == NodeState.RUNNING || state() == NodeState.QUEUED) && canAdvance()) {
      guarded(this::advance);
    }
    if (state() == NodeState.NONE) {
      guarded(this::decide);
    }
  }

  private void decide() {
    Edges.Verdict verdict = edges().verdict(this);
    switch (verdict.decision()) {
      case WAIT -> {}
      case SKIP -> doNotRun(NodeState.SKIPPED, verdict.reason());
      case UPSTREAM_FAIL -> doNotRun(NodeState.UPSTREAM_FAILED, verdict.reason());
      case RUN -> {
        if (run().mayStart(this) && run().graph().scopes().stand(this)) {
          life.begin(isOutdated());
          run().emitTaskStarted(this);
          start();
        }
      }
    }
  }

  /** Ends without a start. What is below a task that ran again runs again, through this one too. */
  private void doNotRun(NodeState end, String why) {
    if (run().calls().isRerun() && isOutdated()) {
      life.outdate();
    }
    finish(end, why);
  }

  /** Whether what a former run made of it must not be used, before it starts. */
  final boolean isOutdated() {
    return life.wasCleared()
        || run().calls().mustRunAgain(id())
        || edges().upstream.stream().anyMatch(node -> node.life.isNew())
        || edges().setups.stream().anyMatch(setup -> setup.life.isOwn())
        || isFarBelowNew();
  }

  /** A rule that does not wait for all tasks above starts before those further up have ended. */
  private boolean isFarBelowNew() {
    return run().calls().isRerun()
        && run().graph().allAbove(this).stream().anyMatch(node -> node.life().isNew())
        && Workflow.getVersion("rerun-outdates-all-below", Workflow.DEFAULT_VERSION, 1) == 1;
  }

  /** Whether {@link #advance} has something to do. */
  boolean canAdvance() {
    return false;
  }

  /** Lets a running node do more; called after every change that concerns it. */
  void advance() {}

  /**
   * Starts an execution that belongs to the node.
   *
   * @param ended takes the end, unless the node was reset, marked or abandoned before
   */
  final <R> Execution execute(RecordedCall call, String summary, Execution.Ended<R> ended) {
    return execute(() -> run().calls().make(this, call, summary), ended);
  }

  /** The same for something other than a recorded call. */
  final <R> Execution execute(Supplier<Promise<R>> call, Execution.Ended<R> ended) {
    int round = life.round();
    life.worked();
    setups().forEach(setup -> setup.life().takeDown());
    Execution started =
        life.<R>execute(
            isTeardown(),
            call,
            (value, failure) -> {
              if (round == life.round()) {
                guarded(() -> ended.ended(value, failure));
              }
              executionEnded();
            });
    return started;
  }

  /** What was reset starts again once nothing of it goes on any more. */
  final void executionEnded() {
    if (state() == NodeState.RESTARTING && !life.isExecuting()) {
      String stopped = run().stopping().reason();
      if (stopped != null && !isTeardown()) {
        finish(NodeState.SKIPPED, stopped);
      } else {
        life.restart();
      }
    }
    changed();
  }

  /** A call waits for a slot of its pool. */
  final void slotWaits() {
    life.queued();
    changed();
  }

  /** A call has its slot. */
  final void slotGranted() {
    life.granted();
    changed();
  }

  /** The run is stopped: what has not begun is skipped, what runs is cancelled. */
  void stop(String why) {
    switch (state()) {
      case NONE, AWAITING_INPUT -> finish(NodeState.SKIPPED, why);
      case QUEUED -> {
        life.cancelExecutions(why);
        life.abandonExecutions();
        finish(NodeState.SKIPPED, why);
      }
      case RUNNING, RESTARTING -> life.cancelExecutions(why);
      default -> {}
    }
  }

  /** The grace period is over: what still goes on is waited for no longer. */
  final void abandon(String why) {
    if (!life.isExecuting()) {
      return;
    }
    life.abandonExecutions();
    if (!state().isTerminal()) {
      finish(NodeState.FAILED, why);
    }
  }

  /**
   * Forgets what the node did, so that it is decided again once nothing of it goes on.
   *
   * @param forItsScope whether it is a setup or teardown that only its scope needs again
   */
  final void reset(boolean forItsScope) {
    life.cancelExecutions("cleared");
    life.reset(forItsScope);
    forget();
    if (state() == NodeState.RESTARTING) {
      life.await(
          policy().limits().heartbeat() == null
              ? "cleared; waits until what goes on has ended: it does not heartbeat, so it cannot"
                  + " be asked to stop"
              : "cleared; waits until what goes on has stopped");
    }
    changed();
  }

  /** Clears what the node keeps of an earlier round. */
  void forget() {}

  /**
   * Reads a value that a person gives the task.
   *
   * @throws IllegalArgumentException if it does not fit; the message says why
   */
  abstract @Nullable Object valueOf(JsonNode given);

  /** Checks a mark; a node that cannot succeed without a value refuses one. */
  void checkMark(NodeState end, @Nullable JsonNode given) {
    if (given != null) {
      try {
        valueOf(given);
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException(
            "The result %s does not fit task '%s': %s".formatted(given, id(), e.getMessage()), e);
      }
    }
  }

  /** Takes the value of a mark; null for none. */
  abstract void take(@Nullable Object value);

  /** Sets the state by hand. What goes on is cancelled. */
  final void mark(NodeState end, @Nullable JsonNode given, String what) {
    Object value = given == null ? null : valueOf(given);
    life.cancelExecutions("marked");
    endByHand();
    life.mark(end, what); // no outlet: nothing was made
    take(value);
    changed();
  }

  /** Ends what a node does besides its executions, before it is marked. */
  void endByHand() {}

  /**
   * A mistake in the DAG's own functions (a name, a derived value) fails the task: were it thrown,
   * the workflow task would be retried for ever and the run would only look stuck.
   */
  final void guarded(Runnable step) {
    try {
      step.run();
    } catch (CanceledFailure e) {
      throw e;
    } catch (RuntimeException e) {
      life.cancelExecutions("its task failed");
      fail(e);
    }
  }

  final void awaitInput(String what) {
    life.awaitInput(what);
    changed();
  }

  final void finish(NodeState end, String what) {
    life.end(end, what);
    if (end == NodeState.SUCCESS && life.isOwn()) {
      outlets().forEach(event -> run().emit(event));
    }
    if (life.took() != null && life.isOwn()) {
      run().metrics().taskEnded(id(), end, life.took());
      run().emitTaskEnded(this);
    }
    changed();
  }

  final void changed() {
    if (run != null) {
      run.changed(this);
    }
  }

  /** Ends the node by a failure: skipped if that is what the activity asked for. */
  final void fail(Throwable failure) {
    if (Failures.isSkip(failure)) {
      finish(NodeState.SKIPPED, Failures.reasonOf(failure));
      return;
    }
    if (state() == NodeState.QUEUED && Failures.isCancel(failure)) {
      finish(NodeState.SKIPPED, "cancelled before it had a slot of its pool");
      return;
    }
    countTries(failure);
    finish(NodeState.FAILED, Failures.messageOf(failure));
  }

  final void countTries(Throwable failure) {
    if (Failures.usedAllTries(failure)) {
      life.tried(policy().retry().retries() + 1);
    }
  }

  final TaskReport report() {
    return life.report(id(), progress());
  }

  /** What a result says of itself, for the report. */
  static String describe(@Nullable Object value) {
    if (value instanceof CheckReport check) {
      return check.explain();
    }
    return value instanceof Summary summary ? summary.summary() : "";
  }
}
