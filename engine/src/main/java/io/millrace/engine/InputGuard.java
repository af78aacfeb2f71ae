package io.millrace.engine;

import io.temporal.failure.ApplicationFailure;
import io.temporal.failure.TemporalFailure;
import io.temporal.worker.NonDeterministicException;
import io.temporal.workflow.Functions;
import org.jspecify.annotations.Nullable;

/**
 * The one place where what a workflow was given meets its code.
 *
 * <p>The rule: no input, whether params, memo, search attribute, signal or update, leaves a
 * workflow task failing and retrying. Whatever is thrown over it, an {@code Error} as well, ends
 * the run, or refuses the update, with a non-retryable failure that says what was being done. Only
 * what another worker can do is thrown on, so that the workflow task is retried there: a build of
 * which classes are missing ({@link LinkageError}), a machine without memory, what the engine calls
 * a {@link RetryElsewhereError}, and what the SDK throws for code that does not match a history.
 */
final class InputGuard {

  /** The failure type of an update whose handler failed. */
  static final String REFUSED = "Refused";

  private InputGuard() {}

  /**
   * Does a step.
   *
   * @param type of the failure that what the step throws becomes
   * @param what the beginning of its message, for example {@code The graph cannot be built}
   * @throws TemporalFailure as the step throws it, or of the type
   */
  static <T> T run(String type, String what, Functions.Func<T> step) {
    try {
      return step.apply();
    } catch (TemporalFailure e) {
      throw e;
    } catch (Throwable e) { // also a checked one, which code of another language throws
      rethrowForAnotherWorker(e);
      throw ApplicationFailure.newNonRetryableFailureWithCause(
          "%s: %s".formatted(what, reason(e)), type, e);
    }
  }

  private static void rethrowForAnotherWorker(Throwable e) {
    if (isForAnotherWorker(e) && e instanceof Error error) {
      throw error;
    } else if (isForAnotherWorker(e) && e instanceof RuntimeException exception) {
      throw exception;
    }
  }

  /** Runs an update's handler: what it throws refuses the update, in the handler's own words. */
  static <T> T update(String name, Functions.Func<T> handler) {
    try {
      return handler.apply();
    } catch (TemporalFailure e) {
      throw e;
    } catch (Throwable e) {
      rethrowForAnotherWorker(e);
      boolean plain = e instanceof IllegalArgumentException || e instanceof IllegalStateException;
      throw ApplicationFailure.newNonRetryableFailureWithCause(
          plain ? reason(e) : "The update '%s' failed: %s".formatted(name, reason(e)), REFUSED, e);
    }
  }

  /** Runs an update's validator: the SDK makes a refusal of an exception, but not of an error. */
  static void validate(String name, @Nullable Object request, Functions.Proc validator) {
    if (request == null) {
      throw new IllegalArgumentException(
          "The update '%s' needs one argument, a JSON object".formatted(name));
    }
    try {
      validator.apply();
    } catch (Error e) {
      if (isForAnotherWorker(e)) {
        throw e;
      }
      throw new IllegalStateException(
          "The update '%s' cannot be checked: %s".formatted(name, reason(e)), e);
    }
  }

  /** What an exception says; its class if it says nothing, or is no ordinary refusal. */
  static String reason(Throwable failure) {
    String message = failure.getMessage();
    if (message == null || message.isBlank()) {
      return failure.getClass().getSimpleName();
    }
    boolean plain =
        failure instanceof IllegalArgumentException || failure instanceof IllegalStateException;
    return plain ? message : "%s: %s".formatted(failure.getClass().getSimpleName(), message);
  }

  /** Whether the workflow task is to be tried again elsewhere, or belongs to the SDK. */
  static boolean isForAnotherWorker(Throwable failure) {
    return failure instanceof LinkageError
        || (failure instanceof VirtualMachineError && !(failure instanceof StackOverflowError))
        || failure instanceof NonDeterministicException
        || failure instanceof RetryElsewhereError
        || failure.getClass().getName().startsWith("io.temporal.internal.")
        || isInterrupt(failure);
  }

  /** The SDK interrupts workflow threads when a worker is shut down: the run goes on elsewhere. */
  private static boolean isInterrupt(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof InterruptedException) {
        return true;
      }
    }
    return false;
  }
}
