package io.millrace.engine;

import io.temporal.workflow.CancellationScope;
import io.temporal.workflow.Workflow;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Where one task stands in its run. */
final class Lifecycle {

  private NodeState state = NodeState.NONE;
  private String detail = "";
  private @Nullable Integer tries;
  private @Nullable Instant startedAt;
  private @Nullable Instant endedAt;
  private final List<CancellationScope> scopes = new ArrayList<>();
  private int round;
  private boolean cleared;
  private boolean stale;
  private boolean worked;
  private @Nullable CancellationScope timer;

  NodeState state() {
    return state;
  }

  /** Counts the starts and resets: what was set going in an earlier round no longer matters. */
  int round() {
    return round;
  }

  boolean hasStarted() {
    return startedAt != null;
  }

  /**
   * Starts the task.
   *
   * @param outdated whether what a former run made of it must not be used again
   */
  void begin(boolean outdated) {
    stale = outdated;
    round++;
    state = NodeState.RUNNING;
    detail = "";
    startedAt = DagRun.now();
    endedAt = null;
  }

  /** Says what a task waits for that is not decided yet. */
  void await(String what) {
    detail = what;
  }

  void awaitInput(String what) {
    state = NodeState.AWAITING_INPUT;
    detail = what;
  }

  /** Does something if the task has not ended in time. */
  void limit(Duration limit, Runnable then) {
    timer = Timers.start(limit, then);
  }

  private void stopTimer() {
    if (timer != null) {
      timer.cancel();
      timer = null;
    }
  }

  void end(NodeState end, String what) {
    stopTimer();
    state = end;
    detail = what;
    endedAt = startedAt == null ? null : DagRun.now();
  }

  void reset() {
    stopTimer();
    cleared = true;
    round++;
    state = NodeState.NONE;
    detail = "";
    tries = null;
    startedAt = null;
    endedAt = null;
  }

  /** Whether a person had it done again in this run. */
  boolean wasCleared() {
    return cleared;
  }

  /** Whether what a former run made of the task must not be used again. */
  boolean isStale() {
    return stale;
  }

  /** The task did something in this run, so that what comes after it is to be done again. */
  void worked() {
    worked = true;
  }

  /** Whether what comes after the task is to be done again. */
  boolean isNew() {
    return stale || worked;
  }

  /** What is started here can be cancelled apart from the rest of the run. */
  void inScope(Runnable step) {
    CancellationScope scope = Workflow.newCancellationScope(step);
    scopes.add(scope);
    scope.run();
  }

  void cancelCalls(String why) {
    scopes.forEach(scope -> scope.cancel(why));
    scopes.clear();
  }

  void tried(int times) {
    tries = times;
  }

  /** From start to end, or null while there is no end. */
  @Nullable Duration took() {
    return startedAt == null || endedAt == null ? null : Duration.between(startedAt, endedAt);
  }

  TaskReport report(String id, String progress) {
    return new TaskReport(id, state, tries, startedAt, took(), progress, detail);
  }
}
