package io.millrace.workers.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/** Runs: which there are, how one stands, and what can be done to it. */
@Command(
    name = "runs",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    header = "List runs, show one, and act on it: answer, clear, mark, hold, rerun …",
    footer = {
      "",
      "Who acts, and why, is kept in the run: see --by and --why.",
      "",
      "Examples:",
      "  millrace runs list --state failed --since 24h",
      "  millrace runs show ID --gantt",
      "  millrace runs logs ID load          what the tries of a task logged",
      "  millrace runs answer ID promote approve --why 'figures are fine'",
      "  millrace runs clear ID              do every failed task again",
      "  millrace runs rerun ID --wait       the same for a run that has ended"
    })
final class RunsCommand implements Runnable {
  private final Console console;

  private RunsCommand(Console console) {
    this.console = console;
  }

  static CommandLine commandLine(Console console) {
    return new CommandLine(new RunsCommand(console))
        .addSubcommand(new RunsList(console))
        .addSubcommand(new RunsShow(console))
        .addSubcommand(new RunsLogs(console))
        .addSubcommand(new RunsViews(console))
        .addSubcommand(new RunOperations.AnswerGate(console))
        .addSubcommand(new RunOperations.ClearTasks(console))
        .addSubcommand(new RunOperations.MarkTask(console))
        .addSubcommand(new RunOperations.HoldRun(console))
        .addSubcommand(new RunOperations.ReleaseRun(console))
        .addSubcommand(new RunOperations.SendEvent(console))
        .addSubcommand(new RunOperations.CancelRun(console))
        .addSubcommand(new RunsRerun(console));
  }

  @Override
  public void run() {
    commandLine(console).usage(console.out());
  }
}
