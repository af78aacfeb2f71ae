package io.millrace.workers.cli;

import io.millrace.engine.deployment.Poller;
import java.util.Objects;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** Workers: which there are, in which versions, and which version takes new runs. */
@Command(
    name = "workers",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    header = "List workers, show their versions, let a version take new runs.",
    description = {
      "",
      "A run ends on the version of the code that began it; the promoted version takes new runs."
          + " An old worker may stop when its version is drained."
    },
    footer = {
      "",
      "Examples:",
      "  millrace workers status",
      "  millrace workers promote 2d02207330fe --percent 10",
      "  millrace workers promote 2d02207330fe"
    })
final class WorkersCommand implements Runnable {
  /** What workers without a version are called. */
  static final String UNVERSIONED = "unversioned";

  private final Console console;

  private WorkersCommand(Console console) {
    this.console = console;
  }

  static CommandLine commandLine(Console console) {
    return new CommandLine(new WorkersCommand(console))
        .addSubcommand(new WorkersStatus(console))
        .addSubcommand(new WorkersPromote(console))
        .addSubcommand(new WorkersList(console));
  }

  @Override
  public void run() {
    commandLine(console).usage(console.out());
  }

  /** What a worker is a version of, in words. */
  static String version(Poller poller) {
    return Objects.requireNonNullElse(poller.buildId(), UNVERSIONED);
  }
}
