package io.millrace.engine;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.engine.asset.AssetEvent;
import io.temporal.failure.CanceledFailure;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One task of a DAG, in one run.
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
    return new UpstreamCounts(
        1,
        state() == NodeState.SUCCESS ? 1 : 0,
        state() == NodeState.SKIPPED ? 1 : 0,
        state() == NodeState.FAILED ? 1 : 0,
        state() == NodeState.UPSTREAM_FAILED ? 1 : 0);
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
    if (state() == NodeState.RUNNING && canAdvance()) {
      inScope(this::advance);
    }
    if (state() == NodeState.NONE) {
      guarded(this::decide);
    }
  }

  private void decide() {
    Edges.Verdict verdict = edges().verdict(this);
    switch (verdict.decision()) {
      case WAIT -> {}
      case SKIP -> finish(NodeState.SKIPPED, verdict.reason());
      case UPSTREAM_FAIL -> finish(NodeState.UPSTREAM_FAILED, verdict.reason());
      case RUN -> {
        if (run().lets(this)) {
          begin();
        }
      }
    }
  }

  private void begin() {
    life.begin(isOutdated());
    run().tellsBegin(this);
    inScope(this::start);
  }

  /** Whether what a former run made of it must not be used, before it starts. */
  final boolean isOutdated() {
    return life.wasCleared()
        || run().calls().mustRunAgain(id())
        || edges().upstream.stream().anyMatch(node -> node.life.isNew());
  }

  private void inScope(Runnable step) {
    life.inScope(() -> guarded(step));
  }

  /** Whether {@link #advance} has something to do. */
  boolean canAdvance() {
    return false;
  }

  /** Lets a running node do more; called after every change that concerns it. */
  void advance() {}

  /** The run is stopped: what has not begun is skipped, what runs is told to end. */
  void stop(String why) {
    if (state() == NodeState.NONE || state() == NodeState.AWAITING_INPUT) {
      finish(NodeState.SKIPPED, why);
    } else if (state() == NodeState.RUNNING) {
      life.cancelCalls(why);
    }
  }

  /** Forgets what the node did, so that it is decided again. */
  final void reset(boolean keepsWhatSucceeded) {
    life.cancelCalls("cleared");
    life.reset();
    forget(keepsWhatSucceeded);
  }

  /** Clears what the node keeps of an earlier round. */
  void forget(boolean keepsWhatSucceeded) {}

  /**
   * Sets the state by hand.
   *
   * @param result of a success, as JSON, or null for none
   * @throws IllegalArgumentException if the result does not fit
   */
  void mark(NodeState end, @Nullable JsonNode result, String what) {
    if (result != null) {
      throw new IllegalArgumentException("Task '%s' takes no result by hand".formatted(id()));
    }
    life.cancelCalls("marked");
    life.begin(false);
    life.worked();
    life.end(end, what); // no outlet: nothing was made
    changed();
  }

  /**
   * A mistake in the DAG's own functions (a name, a derived value) fails the task: were it thrown,
   * the workflow task would be retried for ever and the run would only look stuck.
   */
  private void guarded(Runnable step) {
    try {
      step.run();
    } catch (CanceledFailure e) {
      throw e;
    } catch (RuntimeException e) {
      fail(e);
    }
  }

  final void awaitInput(String what) {
    life.awaitInput(what);
    changed();
  }

  final void finish(NodeState end, String what) {
    life.end(end, what);
    if (end == NodeState.SUCCESS && life.isNew()) {
      outlets().forEach(event -> run().emit(event));
    }
    if (life.took() != null && life.isNew()) {
      run().metrics().taskEnded(id(), end, life.took());
      run().tellsEnd(this);
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
