package io.millrace.activities.warehouse;

import io.millrace.workflows.lake.PipelineFailure;
import io.temporal.failure.ApplicationFailure;
import java.util.function.Supplier;

/** A step could not be done; the message names the thing and says what to do about it. */
public final class PipelineException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final PipelineFailure failure;

  /** A failure with no deeper cause worth telling. */
  public PipelineException(PipelineFailure failure, String message) {
    super(message);
    this.failure = failure;
  }

  /** A failure that something else caused. */
  public PipelineException(PipelineFailure failure, String message, Throwable cause) {
    super(message, cause);
    this.failure = failure;
  }

  /** What kind of failure this is. */
  public PipelineFailure failure() {
    return failure;
  }

  /**
   * Runs an activity's work. A {@link PipelineException} becomes an {@link ApplicationFailure}
   * whose type is the name of its {@link PipelineFailure}; it is retried if trying again can help.
   */
  public static <R> R translated(Supplier<R> work) {
    try {
      return work.get();
    } catch (PipelineException e) {
      ApplicationFailure.Builder failure =
          ApplicationFailure.newBuilder()
              .setMessage(String.valueOf(e.getMessage()))
              .setType(e.failure.name())
              .setNonRetryable(!e.failure.isRetried());
      if (e.getCause() != null) {
        failure.setCause(e.getCause());
      }
      throw failure.build();
    }
  }
}
