package io.millrace.workers.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Stops everything. */
@Command(
    name = "down",
    mixinStandardHelpOptions = true,
    header = "Stop the worker and the servers; their data stay.")
final class DownCommand implements Callable<Integer> {
  private final Console console;

  @Option(
      names = "--purge",
      description = "Delete all data and logs too: warehouse, lake, topics, models, runs.")
  private boolean purge;

  DownCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    LocalCommands.local(console).down(purge);
    console.out().println(purge ? "Stopped; all data deleted." : "Stopped; the data stay.");
    return ExitCode.OK;
  }
}
