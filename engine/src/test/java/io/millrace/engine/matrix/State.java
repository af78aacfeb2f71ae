package io.millrace.engine.matrix;

/** The state of a task or of one item; the names are those of the engine's {@code NodeState}. */
enum State {
  NONE,
  QUEUED,
  RUNNING,
  AWAITING_INPUT,
  RESTARTING,
  SUCCESS,
  FAILED,
  SKIPPED,
  UPSTREAM_FAILED;

  boolean isTerminal() {
    return switch (this) {
      case SUCCESS, FAILED, SKIPPED, UPSTREAM_FAILED -> true;
      case NONE, QUEUED, RUNNING, AWAITING_INPUT, RESTARTING -> false;
    };
  }
}
