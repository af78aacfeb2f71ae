package io.millrace.engine;

import io.temporal.failure.ApplicationFailure;
import io.temporal.failure.TemporalFailure;
import io.temporal.workflow.Workflow;
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

  private final String id;
  private final Set<Node<?, ?>> upstream = new LinkedHashSet<>();
  private TriggerRule rule = TriggerRule.ALL_SUCCESS;
  private Policy policy;
  private NodeState state = NodeState.NONE;
  private String detail = "";
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

  /** Tries so far, as far as the run can know them; items of a mapped task, done and in all. */
  String progress() {
    return "";
  }

  /** Decides from the upstream tasks; returns whether the state has changed. */
  final boolean settle() {
    if (state != NodeState.NONE) {
      return false;
    }
    UpstreamCounts counts =
        upstream.stream()
            .map(Node::counts)
            .reduce(new UpstreamCounts(0, 0, 0, 0, 0), UpstreamCounts::plus);
    switch (rule.evaluate(counts)) {
      case WAIT -> {
        return false;
      }
      case SKIP -> finish(NodeState.SKIPPED, detail.isEmpty() ? upstreamReason() : detail);
      case UPSTREAM_FAIL -> finish(NodeState.UPSTREAM_FAILED, upstreamReason());
      case RUN -> {
        state = NodeState.RUNNING;
        startedAt = Instant.ofEpochMilli(Workflow.currentTimeMillis());
        startOrFail();
      }
    }
    return true;
  }

  private void startOrFail() {
    try {
      start();
    } catch (IllegalArgumentException | NullPointerException | ClassCastException e) {
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
    endedAt = Instant.ofEpochMilli(Workflow.currentTimeMillis());
    changed();
  }

  final void changed() {
    if (run != null) {
      run.changed();
    }
  }

  /** Ends the node by a failure: skipped if that is what the activity asked for. */
  final void fail(Throwable failure) {
    Throwable cause = rootOf(failure);
    if (cause instanceof ApplicationFailure application
        && application.getType().equals(TaskSkipped.TYPE)) {
      finish(NodeState.SKIPPED, application.getOriginalMessage());
      return;
    }
    finish(NodeState.FAILED, messageOf(cause));
  }

  static boolean isSkip(Throwable failure) {
    return rootOf(failure) instanceof ApplicationFailure application
        && application.getType().equals(TaskSkipped.TYPE);
  }

  static String messageOf(Throwable failure) {
    Throwable root = rootOf(failure);
    if (root instanceof ApplicationFailure application) {
      return "%s: %s".formatted(application.getType(), application.getOriginalMessage());
    }
    return root.getClass().getSimpleName() + ": " + root.getMessage();
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
    return new TaskReport(id, state, startedAt, duration, progress(), detail);
  }
}
