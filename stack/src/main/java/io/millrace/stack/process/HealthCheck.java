package io.millrace.stack.process;

import java.net.ConnectException;

/** Asks a server whether it does its work, by using it as its clients would. */
@FunctionalInterface
public interface HealthCheck {
  /** What a check can find. */
  enum State {
    /** The server does its work. */
    READY,
    /** The server answers slowly, or answers that it is not ready: it may yet become ready. */
    NOT_READY,
    /** The connection was refused: nothing listens there. */
    REFUSED
  }

  /**
   * What a check found.
   *
   * @param state what the server is like
   * @param problem what is wrong; empty if it is ready
   */
  record Finding(State state, String problem) {}

  /**
   * Returns when the server is well. Must answer within ten seconds either way.
   *
   * @throws Exception when it is not, or not yet; the message says in what way
   */
  void check() throws Exception;

  /** Whether {@link #check} passes now. */
  default boolean passes() {
    return finding().state() == State.READY;
  }

  /** What is the case now. A refused connection is told from a slow or a negative answer. */
  default Finding finding() {
    try {
      check();
      return new Finding(State.READY, "");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new Finding(State.NOT_READY, "interrupted");
    } catch (Exception e) {
      String problem = e.getMessage() == null ? e.toString() : e.getMessage();
      return new Finding(isRefusal(e) ? State.REFUSED : State.NOT_READY, problem);
    }
  }

  /** Whether an exception says that a connection was refused, and not that it took too long. */
  static boolean isRefusal(Throwable exception) {
    for (Throwable cause = exception; cause != null; cause = cause.getCause()) {
      if (cause instanceof ConnectException) {
        return !String.valueOf(cause.getMessage()).contains("timed out");
      }
    }
    return false;
  }
}
