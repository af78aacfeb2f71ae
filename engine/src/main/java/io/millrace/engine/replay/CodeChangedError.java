package io.millrace.engine.replay;

import io.millrace.engine.RetryElsewhereError;

/**
 * A run's history has another task, or other arguments, than the code has in the same place. Its
 * results must not be used: retried until a worker has code that matches.
 */
public final class CodeChangedError extends RetryElsewhereError {

  private static final long serialVersionUID = 1;

  /** What can be done about a run whose code no longer matches its history. */
  public static final String REMEDY =
      "run it on the code that began it (worker versions), or terminate it and start a rerun";

  CodeChangedError(String message) {
    super(message, null);
  }
}
