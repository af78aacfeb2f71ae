package io.millrace.activities.cdc;

import org.jspecify.annotations.Nullable;

/** Says in a sentence why changes cannot be captured, and what to do. */
public final class CaptureException extends RuntimeException {
  private final boolean unreachable;

  private CaptureException(String message, boolean unreachable, @Nullable Throwable cause) {
    super(message, cause);
    this.unreachable = unreachable;
  }

  static CaptureException refused(String message, @Nullable Throwable cause) {
    return new CaptureException(message, false, cause);
  }

  static CaptureException unreachable(String message, Throwable cause) {
    return new CaptureException(message, true, cause);
  }

  /** Whether a server did not answer, rather than refused. */
  public boolean isUnreachable() {
    return unreachable;
  }
}
