package io.millrace.workers.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The online features. */
@Command(
    name = "features",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    header = "Check the online features against the warehouse.",
    footer = {"", "To write them from the warehouse: millrace dags trigger materialize"})
final class FeaturesCommand implements Runnable {
  private final Console console;

  private FeaturesCommand(Console console) {
    this.console = console;
  }

  static CommandLine commandLine(Console console) {
    return new CommandLine(new FeaturesCommand(console)).addSubcommand(new FeaturesVerify(console));
  }

  @Override
  public void run() {
    commandLine(console).usage(console.out());
  }
}
