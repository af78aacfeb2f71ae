package io.millrace.engine;

import org.jspecify.annotations.Nullable;

/**
 * Fails the workflow task and not the run: the server retries it until it reaches a worker, or a
 * moment, that can go on. For example a blob store that is down, or code that does not match the
 * run's history.
 *
 * <p>An error and not an exception, so that no error handling of a run or of a task takes it for a
 * failure of the task; {@link InputGuard} lets it pass.
 */
public abstract class RetryElsewhereError extends Error {

  private static final long serialVersionUID = 1;

  protected RetryElsewhereError(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
