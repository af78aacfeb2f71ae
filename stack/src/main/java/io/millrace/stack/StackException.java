package io.millrace.stack;

/**
 * A server could not be installed, started or stopped. The message is meant for the person at the
 * terminal: it names what failed, why, and what to do about it, so no stack trace needs to be shown
 * with it.
 */
public final class StackException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** A failure whose message says everything. */
  public StackException(String message) {
    super(message);
  }

  /** A failure with a cause for the log; the message says what to do. */
  public StackException(String message, Throwable cause) {
    super(message, cause);
  }
}
