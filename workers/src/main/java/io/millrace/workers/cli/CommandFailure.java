package io.millrace.workers.cli;

import org.jspecify.annotations.Nullable;

/** Ends a command with a sentence for the user and an exit code; no stack trace is shown. */
public final class CommandFailure extends RuntimeException {
  private final int exitCode;

  private CommandFailure(int exitCode, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.exitCode = exitCode;
  }

  /** The run, or part of it, failed. */
  public static CommandFailure failed(String message) {
    return new CommandFailure(ExitCode.FAILED, message, null);
  }

  /** The run, or part of it, failed for a reason that has a stack trace. */
  public static CommandFailure failed(String message, Throwable cause) {
    return new CommandFailure(ExitCode.FAILED, message, cause);
  }

  /** The command was called wrongly. */
  public static CommandFailure usage(String message) {
    return new CommandFailure(ExitCode.USAGE, message, null);
  }

  /** A server did not answer. */
  public static CommandFailure unreachable(String message, Throwable cause) {
    return new CommandFailure(ExitCode.UNREACHABLE, message, cause);
  }

  /** A failure that has been explained. */
  static CommandFailure of(Explanation explanation) {
    return new CommandFailure(explanation.exitCode(), explanation.sentence(), null);
  }

  static CommandFailure of(Explanation explanation, Throwable cause) {
    return new CommandFailure(explanation.exitCode(), explanation.sentence(), cause);
  }

  int exitCode() {
    return exitCode;
  }
}
