package io.millrace.engine.replay;

/**
 * A run's history has another task, or other arguments, than the code has in the same place. Its
 * results must not be used. An error, so that no task's own error handling takes it for a failure
 * of the task: it fails the workflow task, which the server retries until a worker has code that
 * fits.
 */
public final class CodeChangedError extends Error {

  private static final long serialVersionUID = 1;

  /** What can be done about a run whose code no longer matches its history. */
  public static final String REMEDY =
      "run it on the code that began it (worker versions), or terminate it and start a rerun";

  CodeChangedError(String message) {
    super(message);
  }
}
