package io.millrace.workers.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/** DAGs: which there are, and starting one. */
@Command(
    name = "dags",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    header = "List, show, start and test DAGs.")
final class DagsCommand implements Runnable {
  private final Console console;

  private DagsCommand(Console console) {
    this.console = console;
  }

  static CommandLine commandLine(Console console) {
    return new CommandLine(new DagsCommand(console))
        .addSubcommand(new DagsList(console))
        .addSubcommand(new DagsShow(console))
        .addSubcommand(new TriggerCommand(console))
        .addSubcommand(new TestCommand(console))
        .addSubcommand(new DagsDocs(console));
  }

  @Override
  public void run() {
    commandLine(console).usage(console.out());
  }
}
