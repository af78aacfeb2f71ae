package io.millrace.workers.cli;

import picocli.CommandLine;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** Says what is wrong with the arguments and where help is, without printing all of it. */
final class UsageErrors implements IParameterExceptionHandler {
  private final Console console;

  UsageErrors(Console console) {
    this.console = console;
  }

  @Override
  public int handleParseException(ParameterException exception, String[] arguments) {
    CommandLine command = exception.getCommandLine();
    console.err().println("millrace: " + exception.getMessage());
    UnmatchedArgumentException.printSuggestions(exception, console.err());
    console
        .err()
        .println(
            "Try `" + command.getCommandSpec().qualifiedName() + " --help` for what there is.");
    return ExitCode.USAGE;
  }
}
