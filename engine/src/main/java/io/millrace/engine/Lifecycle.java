package io.millrace.engine;

import io.temporal.workflow.CancellationScope;
import io.temporal.workflow.Promise;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Where one task stands in its run. */
final class Lifecycle {

  private static final int MAX_DETAIL = 2_000;

  private NodeState state = NodeState.NONE;
  private String detail = "";
  private @Nullable Integer tries;
  private @Nullable Instant startedAt;
  private @Nullable Instant endedAt;
  private final Set<Execution> executions = new LinkedHashSet<>();
  private int round;
  private boolean started;
  private boolean cleared;
  private boolean renewed;
  private boolean stale;
  private boolean worked;
  private boolean marked;
  private boolean takenDown;
  private @Nullable String note;
  private @Nullable CancellationScope timer;

  NodeState state() {
    return state;
  }

  /** Counts the starts and resets: what was set going in an earlier round no longer matters. */
  int round() {
    return round;
  }

  boolean hasStarted() {
    return started;
  }

  /**
   * Starts the task.
   *
   * @param outdated whether what a former run made of it must not be used again
   */
  void begin(boolean outdated) {
    stale = outdated;
    round++;
    started = true;
    marked = false;
    takenDown = false;
    note = null;
    state = NodeState.RUNNING;
    detail = "";
    startedAt = DagRun.now();
    endedAt = null;
  }

  /** The task waits for a slot; that wait is no part of its duration. */
  void queued() {
    if (state == NodeState.RUNNING) {
      state = NodeState.QUEUED;
      startedAt = null;
    }
  }

  /** The task has its first slot. */
  void granted() {
    if (state == NodeState.QUEUED) {
      state = NodeState.RUNNING;
      startedAt = DagRun.now();
    }
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
    String all = note == null ? what : what.isEmpty() ? note : "%s; %s".formatted(what, note);
    // The report of all tasks together is one payload.
    detail = all.length() <= MAX_DETAIL ? all : all.substring(0, MAX_DETAIL) + "…";
    endedAt = startedAt == null ? null : DagRun.now();
  }

  /** Ends the task as a person wants it, whatever it has done. */
  void mark(NodeState end, String what) {
    round++;
    started = true;
    marked = true;
    takenDown = false;
    worked = true;
    note = null;
    startedAt = startedAt == null || state.isTerminal() ? DagRun.now() : startedAt;
    end(end, what);
  }

  /** A teardown of the task, which is a setup, has started. */
  void takeDown() {
    takenDown = true;
  }

  /** Whether a teardown has started since the setup did, whatever became of the teardown. */
  boolean isTakenDown() {
    return takenDown;
  }

  /** Adds to what is said of the task when it ends; null for nothing. */
  void note(@Nullable String text) {
    note = text;
  }

  /**
   * Forgets what the task did. What still goes on is waited for.
   *
   * @param forItsScope whether only tasks of its scope need it again, and not all below it
   */
  void reset(boolean forItsScope) {
    stopTimer();
    cleared = cleared || !forItsScope;
    renewed = forItsScope;
    worked = worked && !forItsScope;
    round++;
    started = false;
    marked = false;
    note = null;
    state = executions.isEmpty() ? NodeState.NONE : NodeState.RESTARTING;
    detail = "";
    tries = null;
    startedAt = null;
    endedAt = null;
  }

  /** The executions of before a reset have ended. */
  void restart() {
    state = NodeState.NONE;
    detail = "";
  }

  /** Whether a person had it done again in this run, or its scope needs it again. */
  boolean wasCleared() {
    return cleared || renewed;
  }

  /** Whether a person has set its state. */
  boolean isMarked() {
    return marked;
  }

  /** The items of a mapped task decide its state again, and no longer the mark of the whole. */
  void unmark() {
    marked = false;
  }

  /** Whether what a former run made of the task must not be used again. */
  boolean isStale() {
    return stale;
  }

  /** The task did something in this run, so that what comes after it is to be done again. */
  void worked() {
    worked = true;
  }

  /** What a former run made of the task, and of what is below, must not be used. */
  void outdate() {
    stale = true;
  }

  /** Whether the task does, or has done, its own work and takes over nothing. */
  boolean isOwn() {
    return stale || worked;
  }

  /** Whether what comes after the task is to be done again. */
  boolean isNew() {
    return isOwn() && !renewed;
  }

  /**
   * Starts an execution; it is the task's until it has ended, also through a reset.
   *
   * @param detached whether it goes on when the run is cancelled
   */
  <R> Execution execute(boolean detached, Supplier<Promise<R>> call, Execution.Ended<R> ended) {
    Execution[] self = new Execution[1];
    boolean[] over = new boolean[1];
    Execution execution =
        Execution.<R>start(
            detached,
            call,
            (value, failure) -> {
              over[0] = true;
              executions.remove(self[0]);
              ended.ended(value, failure);
            });
    self[0] = execution;
    if (!over[0]) {
      executions.add(execution);
    }
    return execution;
  }

  /** Whether an execution goes on, of whatever round. */
  boolean isExecuting() {
    return !executions.isEmpty();
  }

  void cancelExecutions(String why) {
    List.copyOf(executions).forEach(execution -> execution.cancel(why));
  }

  /** Waits no longer for what goes on. */
  void abandonExecutions() {
    round++;
    executions.clear();
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
