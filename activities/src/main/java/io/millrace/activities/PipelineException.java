package io.millrace.activities;

import io.millrace.core.registry.NotRegisteredException;
import io.millrace.core.registry.RegistryException;
import io.millrace.core.registry.RegistryUnavailableException;
import io.millrace.workflows.PipelineFailure;
import io.temporal.failure.ApplicationFailure;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A task could not be done; the message names the thing and says what to do about it. It becomes an
 * {@link ApplicationFailure} in {@link #translated} and nowhere else.
 */
public final class PipelineException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final PipelineFailure failure;

  /** A failure with no deeper cause worth telling. */
  public PipelineException(PipelineFailure failure, String message) {
    super(message);
    this.failure = failure;
  }

  /** A failure that something else caused. */
  public PipelineException(PipelineFailure failure, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.failure = failure;
  }

  /** What kind of failure this is. */
  public PipelineFailure failure() {
    return failure;
  }

  /**
   * Runs an activity's work. A {@link PipelineException}, and a {@link RegistryException} as the
   * one that it stands for, becomes an {@link ApplicationFailure} whose type is the name of its
   * {@link PipelineFailure}; it is retried if trying again can help.
   */
  public static <R> R translated(Supplier<R> work) {
    try {
      return work.get();
    } catch (PipelineException e) {
      throw translate(e);
    } catch (RegistryException e) {
      throw translate(of(e));
    }
  }

  private static PipelineException of(RegistryException e) {
    PipelineFailure failure =
        e instanceof RegistryUnavailableException
            ? PipelineFailure.UNAVAILABLE
            : e instanceof NotRegisteredException
                ? PipelineFailure.NOT_FOUND
                : PipelineFailure.REGISTRY_REFUSED;
    return new PipelineException(failure, String.valueOf(e.getMessage()), e.getCause());
  }

  private static ApplicationFailure translate(PipelineException e) {
    ApplicationFailure.Builder failure =
        ApplicationFailure.newBuilder()
            .setMessage(String.valueOf(e.getMessage()))
            .setType(e.failure.name())
            .setNonRetryable(!e.failure.isRetried());
    if (e.getCause() != null) {
      failure.setCause(e.getCause());
    }
    return failure.build();
  }
}
