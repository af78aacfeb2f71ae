package io.millrace.flink;

/** A server that is written to does not answer, or refuses; the same writes are tried again. */
public final class TargetAwayException extends Exception {
  private static final long serialVersionUID = 1L;

  /** With what the server's client said. */
  public TargetAwayException(Throwable cause) {
    super(cause.toString(), cause);
  }
}
