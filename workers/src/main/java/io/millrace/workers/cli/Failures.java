package io.millrace.workers.cli;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.ParseResult;

/**
 * The one place where the failure of a command becomes a sentence on the error stream and an exit
 * code.
 *
 * <p>The rule: whatever fails, the exit code is one of {@link ExitCode}, and the sentence says what
 * failed, with which name, value or address, and what to do; it never has a stack trace, a class
 * name, a failure type or a status word. {@code MILLRACE_DEBUG=1} adds the stack trace.
 */
final class Failures implements IExecutionExceptionHandler {
  private final Console console;

  Failures(Console console) {
    this.console = console;
  }

  @Override
  public int handleExecutionException(
      Exception exception, CommandLine command, @Nullable ParseResult parsed) {
    return explain(console, exception);
  }

  /** Prints the sentence; returns the exit code. */
  static int explain(Console console, Throwable failure) {
    Explanation explanation = Explanation.of(failure, TemporalFailures.of(console));
    console.err().println("millrace: " + explanation.sentence());
    if (console.showsStackTraces()) {
      failure.printStackTrace(console.err());
    }
    return explanation.exitCode();
  }
}
