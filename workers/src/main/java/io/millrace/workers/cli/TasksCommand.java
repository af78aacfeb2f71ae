package io.millrace.workers.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/** Tasks of a DAG: which there are, one of them once, and those of many runs again. */
@Command(
    name = "tasks",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    header = "List a DAG's tasks, test one of them, clear those of a range of dates.")
final class TasksCommand implements Runnable {
  private final Console console;

  private TasksCommand(Console console) {
    this.console = console;
  }

  static CommandLine commandLine(Console console) {
    return new CommandLine(new TasksCommand(console))
        .addSubcommand(new TasksList(console))
        .addSubcommand(new TasksTest(console))
        .addSubcommand(new TasksClear(console));
  }

  @Override
  public void run() {
    commandLine(console).usage(console.out());
  }
}
