package io.millrace.engine;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Where one task stands in its run. */
final class Lifecycle {

  private NodeState state = NodeState.NONE;
  private String detail = "";
  private @Nullable Integer tries;
  private @Nullable Instant startedAt;
  private @Nullable Instant endedAt;
  private int round;

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

  void begin() {
    round++;
    state = NodeState.RUNNING;
    detail = "";
    startedAt = DagRun.now();
    endedAt = null;
  }

  void awaitInput(String what) {
    state = NodeState.AWAITING_INPUT;
    detail = what;
  }

  void end(NodeState end, String what) {
    state = end;
    detail = what;
    endedAt = startedAt == null ? null : DagRun.now();
  }

  void reset() {
    round++;
    state = NodeState.NONE;
    detail = "";
    tries = null;
    startedAt = null;
    endedAt = null;
  }

  void tell(String what) {
    detail = what;
  }

  void tried(int times) {
    tries = times;
  }

  TaskReport report(String id, String progress) {
    Duration duration =
        startedAt == null || endedAt == null ? null : Duration.between(startedAt, endedAt);
    return new TaskReport(id, state, tries, startedAt, duration, progress, detail);
  }
}
