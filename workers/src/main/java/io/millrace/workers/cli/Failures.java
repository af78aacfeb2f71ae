package io.millrace.workers.cli;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.millrace.activities.cdc.CaptureException;
import io.millrace.stack.process.HealthCheck;
import io.millrace.workers.config.ConfigException;
import io.temporal.client.WorkflowException;
import java.net.ConnectException;
import java.util.Optional;
import org.apache.kafka.common.errors.TimeoutException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.ParseResult;

/** Turns an exception into one clear sentence on the error stream and an exit code. */
final class Failures implements IExecutionExceptionHandler {
  private final Console console;

  Failures(Console console) {
    this.console = console;
  }

  @Override
  public int handleExecutionException(
      Exception exception, CommandLine command, @Nullable ParseResult parsed) {
    console.err().println("millrace: " + sentence(exception));
    if (console.showsStackTraces()) {
      exception.printStackTrace(console.err());
    }
    return exitCode(exception);
  }

  private static String sentence(Exception exception) {
    Optional<String> unreachable = unreachableServer(exception);
    boolean explained =
        exception instanceof CommandFailure || exception instanceof CaptureException;
    if (unreachable.isPresent() && !explained) {
      return unreachable.get();
    }
    // The message of Temporal's own exceptions only names the run; the reason is below.
    Throwable reason =
        exception instanceof WorkflowException && exception.getCause() != null
            ? exception.getCause()
            : exception;
    String message = reason.getMessage();
    return message == null || message.isBlank() ? reason.toString() : message;
  }

  private static int exitCode(Exception exception) {
    if (exception instanceof CommandFailure failure) {
      return failure.exitCode();
    }
    if (exception instanceof CaptureException capture && capture.isUnreachable()) {
      return ExitCode.UNREACHABLE;
    }
    if (exception instanceof ConfigException) {
      return ExitCode.USAGE;
    }
    return unreachableServer(exception).isPresent() ? ExitCode.UNREACHABLE : ExitCode.FAILED;
  }

  private static Optional<String> unreachableServer(Throwable exception) {
    for (Throwable cause = exception; cause != null; cause = cause.getCause()) {
      if (cause instanceof StatusRuntimeException grpc) {
        Status.Code code = grpc.getStatus().getCode();
        if (code == Status.Code.DEADLINE_EXCEEDED) {
          return Optional.of(
              "the Temporal server did not answer within temporal.rpc-timeout: it is slow or hangs."
                  + " Try again, or set a longer temporal.rpc-timeout.");
        }
        if (code == Status.Code.UNAVAILABLE) {
          return Optional.of(
              HealthCheck.isRefusal(grpc)
                  ? NoAnswer.refused("the Temporal server")
                  : "the connection to the Temporal server broke off (%s). Try again; `millrace status` shows whether it runs."
                      .formatted(grpc.getStatus().getDescription()));
        }
      }
      if (cause instanceof TimeoutException) {
        return Optional.of(
            "Kafka did not answer in time (%s): it does not run, is slow or hangs. `millrace status` shows which, `millrace up` starts it."
                .formatted(cause.getMessage()));
      }
      if (cause instanceof ConnectException) {
        return Optional.of(NoAnswer.refused("a server (" + cause.getMessage() + ")"));
      }
    }
    return Optional.empty();
  }
}
