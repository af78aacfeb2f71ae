package io.millrace.workers.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/** Backfills: running a range of past dates. */
@Command(
    name = "backfill",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    header = "Run a range of a schedule's past dates; look at it, pause it, cancel it.",
    description = {
      "",
      "A date's run has the id that the schedule gives it, so that nothing runs twice."
          + " A backfill is a workflow: it survives everything, and this command need not wait."
    })
final class BackfillCommand implements Runnable {
  private final Console console;

  private BackfillCommand(Console console) {
    this.console = console;
  }

  static CommandLine commandLine(Console console) {
    return new CommandLine(new BackfillCommand(console))
        .addSubcommand(new BackfillCreate(console))
        .addSubcommand(new BackfillList(console))
        .addSubcommand(new BackfillShow(console))
        .addSubcommand(new BackfillControls.Pause(console))
        .addSubcommand(new BackfillControls.Resume(console))
        .addSubcommand(new BackfillControls.Cancel(console))
        .addSubcommand(new BackfillControls.SetMaxActive(console));
  }

  @Override
  public void run() {
    commandLine(console).usage(console.out());
  }
}
