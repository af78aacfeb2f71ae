package io.millrace.workers.cli;

import io.grpc.StatusRuntimeException;
import io.millrace.activities.cdc.CaptureException;
import io.millrace.core.registry.NotRegisteredException;
import io.millrace.core.registry.RegistryException;
import io.millrace.core.registry.RegistryUnavailableException;
import io.millrace.engine.DagRuns;
import io.millrace.stack.StackException;
import io.millrace.workers.config.ConfigException;
import io.temporal.client.WorkflowExecutionAlreadyStarted;
import io.temporal.client.WorkflowFailedException;
import io.temporal.client.WorkflowNotFoundException;
import io.temporal.failure.ApplicationFailure;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A failure as a sentence for a person and an exit code.
 *
 * <p>The rule: the outermost exception of the chain that has a meaning of its own decides; what the
 * others say is for {@code MILLRACE_DEBUG=1}.
 *
 * @param sentence plain text without class names, failure types and status words
 * @param exitCode one of {@link ExitCode}
 */
record Explanation(String sentence, int exitCode) {

  Explanation {
    sentence = PlainText.of(sentence);
  }

  static Explanation usage(String sentence) {
    return new Explanation(sentence, ExitCode.USAGE);
  }

  static Explanation failed(String sentence) {
    return new Explanation(sentence, ExitCode.FAILED);
  }

  static Explanation unreachable(String sentence) {
    return new Explanation(sentence, ExitCode.UNREACHABLE);
  }

  /** Explains any failure of a command. */
  static Explanation of(Throwable failure, TemporalFailures temporal) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      Optional<Explanation> found = known(cause, temporal);
      if (found.isPresent()) {
        return found.get();
      }
    }
    return failed(firstPlain(failure));
  }

  private static Optional<Explanation> known(Throwable cause, TemporalFailures temporal) {
    String message = String.valueOf(cause.getMessage());
    if (cause instanceof CommandFailure command) {
      return Optional.of(new Explanation(message, command.exitCode()));
    } else if (cause instanceof CaptureException capture) {
      return Optional.of(capture.isUnreachable() ? unreachable(message) : failed(message));
    } else if (cause instanceof ConfigException || cause instanceof DagRuns.Refused) {
      return Optional.of(usage(message));
    } else if (cause instanceof StackException) {
      return Optional.of(failed(message));
    }
    if (cause instanceof RegistryException registry) {
      return Optional.of(ofRegistry(registry, message));
    }
    return ofTemporal(cause, temporal).or(() -> ServerFailures.explain(cause));
  }

  private static Explanation ofRegistry(RegistryException cause, String message) {
    if (cause instanceof NotRegisteredException) {
      return usage(message);
    }
    return cause instanceof RegistryUnavailableException ? unreachable(message) : failed(message);
  }

  private static Optional<Explanation> ofTemporal(Throwable cause, TemporalFailures temporal) {
    if (cause instanceof WorkflowExecutionAlreadyStarted started) {
      return Optional.of(
          usage("a run '%s' exists already".formatted(started.getExecution().getWorkflowId())));
    } else if (cause instanceof WorkflowNotFoundException missing) {
      return Optional.of(temporal.notFound(missing));
    } else if (cause instanceof WorkflowFailedException run) {
      return Optional.of(
          failed(
              "run %s failed: %s"
                  .formatted(run.getExecution().getWorkflowId(), DagRuns.explain(run))));
    } else if (cause instanceof ApplicationFailure application) {
      return Optional.of(failed(String.valueOf(deepest(application).getOriginalMessage())));
    } else if (cause instanceof StatusRuntimeException status) {
      return Optional.of(temporal.explain(status));
    }
    return Optional.empty();
  }

  private static ApplicationFailure deepest(ApplicationFailure failure) {
    ApplicationFailure deepest = failure;
    for (@Nullable Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof ApplicationFailure application) {
        deepest = application;
      }
    }
    return deepest;
  }

  /** The outermost message that is a sentence, and not one that Java wrote. */
  private static String firstPlain(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      String message = cause.getMessage();
      if (message != null && PlainText.isPlain(message)) {
        return message;
      }
    }
    return "an error that nobody foresaw; MILLRACE_DEBUG=1 shows where it comes from";
  }
}
