package io.millrace.engine;

import io.temporal.api.enums.v1.RetryState;
import io.temporal.failure.ActivityFailure;
import io.temporal.failure.ApplicationFailure;
import io.temporal.failure.CanceledFailure;
import io.temporal.failure.TemporalFailure;
import io.temporal.failure.TimeoutFailure;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One task of a DAG, in one run.
 *
 * @param <T> the type of its result
 * @param <S> its own type, so that the settings can be chained
 */
public abstract sealed class Node<T, S extends Node<T, S>> extends Handle<T>
    permits Task, Mapped, Gate {

  /** The detail of a task that the cancel of its run ended. */
  static final String CANCELLED = "run cancelled";

  private final String id;
  private final Set<Node<?, ?>> upstream = new LinkedHashSet<>();
  private TriggerRule rule = TriggerRule.ALL_SUCCESS;
  private Policy policy;
  private NodeState state = NodeState.NONE;
  private String detail = "";
  private @Nullable Integer tries;
  private @Nullable Instant startedAt;
  private @Nullable Instant endedAt;
  private @Nullable DagRun run;

  Node(String id, Policy policy) {
    this.id = id;
    this.policy = policy;
  }

  abstract S self();

  /** Starts the node; it must call {@link #finish} in the end, and must not block. */
  abstract void start();

  /** Adds tasks that this one comes after, without taking their results. */
  public S after(Handle<?>... handles) {
    for (Handle<?> handle : handles) {
      upstream.add(handle.source());
    }
    return self();
  }

  /** Sets when the task runs, given how its upstream tasks ended. */
  public S rule(TriggerRule triggerRule) {
    rule = triggerRule;
    return self();
  }

  /** Sets how the task is tried. */
  public S policy(Policy taskPolicy) {
    policy = taskPolicy;
    return self();
  }

  final String id() {
    return id;
  }

  final Policy policy() {
    return policy;
  }

  final NodeState state() {
    return state;
  }

  final Set<Node<?, ?>> upstream() {
    return upstream;
  }

  final void attach(DagRun dagRun) {
    run = dagRun;
  }

  @Override
  final Node<?, ?> source() {
    return this;
  }

  /** How the node counts for those below it; a mapped one counts once an item. */
  UpstreamCounts counts() {
    return new UpstreamCounts(
        1,
        state == NodeState.SUCCESS ? 1 : 0,
        state == NodeState.SKIPPED ? 1 : 0,
        state == NodeState.FAILED ? 1 : 0,
        state == NodeState.UPSTREAM_FAILED ? 1 : 0);
  }

  /** Items of a mapped task, done and in all; else empty. */
  String progress() {
    return "";
  }

  /** Decides from the upstream tasks whether to start, and lets what has started go on. */
  final void settle() {
    if (state == NodeState.RUNNING) {
      guarded(this::advance);
    }
    if (state != NodeState.NONE) {
      return;
    }
    UpstreamCounts counts =
        upstream.stream()
            .map(Node::counts)
            .reduce(new UpstreamCounts(0, 0, 0, 0, 0), UpstreamCounts::plus);
    switch (rule.evaluate(counts)) {
      case WAIT -> {}
      case SKIP -> finish(NodeState.SKIPPED, upstreamReason());
      case UPSTREAM_FAIL -> finish(NodeState.UPSTREAM_FAILED, upstreamReason());
      case RUN -> {
        state = NodeState.RUNNING;
        startedAt = DagRun.now();
        guarded(this::start);
      }
    }
  }

  /** Lets a running node do more; called after every change in the run. */
  void advance() {}

  /** The run was cancelled: what has not begun is skipped, what runs is told by its scope. */
  void cancel() {
    if (state == NodeState.NONE || state == NodeState.AWAITING_INPUT) {
      finish(NodeState.SKIPPED, CANCELLED);
    }
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

  private String upstreamReason() {
    return upstream.stream()
        .filter(node -> node.state.isTerminal() && node.state != NodeState.SUCCESS)
        .findFirst()
        .map(node -> "%s %s".formatted(node.id, node.state.words()))
        .orElse("");
  }

  final void awaitInput(String what) {
    state = NodeState.AWAITING_INPUT;
    detail = what;
  }

  final void finish(NodeState end, String what) {
    state = end;
    detail = what;
    if (startedAt != null) {
      endedAt = DagRun.now();
    }
    changed();
  }

  final void changed() {
    if (run != null) {
      run.changed();
    }
  }

  /** Ends the node by a failure: skipped if that is what the activity asked for. */
  final void fail(Throwable failure) {
    if (isSkip(failure)) {
      finish(NodeState.SKIPPED, ((ApplicationFailure) rootOf(failure)).getOriginalMessage());
      return;
    }
    countTries(failure);
    finish(NodeState.FAILED, messageOf(failure));
  }

  /** Temporal tells the number of tries only of a task that has used all of them. */
  final void countTries(Throwable failure) {
    if (failure instanceof ActivityFailure activity
        && activity.getRetryState() == RetryState.RETRY_STATE_MAXIMUM_ATTEMPTS_REACHED) {
      tries = policy.retries() + 1;
    }
  }

  static boolean isSkip(Throwable failure) {
    return rootOf(failure) instanceof ApplicationFailure application
        && application.getType().equals(TaskSkipped.TYPE);
  }

  static String messageOf(Throwable failure) {
    Throwable root = rootOf(failure);
    if (root instanceof CanceledFailure) {
      return "cancelled";
    }
    if (root instanceof TimeoutFailure timeout) {
      return timedOut(timeout);
    }
    if (root instanceof ApplicationFailure application) {
      return "%s: %s".formatted(application.getType(), application.getOriginalMessage());
    }
    return root.getClass().getSimpleName() + ": " + root.getMessage();
  }

  private static String timedOut(TimeoutFailure timeout) {
    return switch (timeout.getTimeoutType()) {
      case TIMEOUT_TYPE_START_TO_CLOSE -> "timed out: a try took longer than its attempt timeout";
      case TIMEOUT_TYPE_HEARTBEAT -> "timed out: no heartbeat; the worker died or hangs";
      case TIMEOUT_TYPE_SCHEDULE_TO_CLOSE -> "timed out: all tries together took too long";
      default -> "timed out: %s".formatted(timeout.getTimeoutType());
    };
  }

  private static Throwable rootOf(Throwable failure) {
    Throwable root = failure;
    while (!(root instanceof ApplicationFailure)
        && root instanceof TemporalFailure
        && root.getCause() != null) {
      root = root.getCause();
    }
    return root;
  }

  final TaskReport report() {
    Duration duration =
        startedAt == null || endedAt == null ? null : Duration.between(startedAt, endedAt);
    return new TaskReport(id, state, tries, startedAt, duration, progress(), detail);
  }
}
