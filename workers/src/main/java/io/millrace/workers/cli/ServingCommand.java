package io.millrace.workers.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The local replicas that serve. */
@Command(
    name = "serving",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    header = "Look after the replicas that `millrace up` started.")
final class ServingCommand implements Runnable {
  private final Console console;

  private ServingCommand(Console console) {
    this.console = console;
  }

  static CommandLine commandLine(Console console) {
    return new CommandLine(new ServingCommand(console)).addSubcommand(new Restart(console));
  }

  @Override
  public void run() {
    commandLine(console).usage(console.out());
  }

  /** One after the other. */
  @Command(
      name = "restart",
      mixinStandardHelpOptions = true,
      header = "Start the replicas anew, one after the other.",
      description = {
        "",
        "A new one starts beside each, and takes over once it is warm, which takes half a minute,"
            + " under load three at most. With `millrace up --replicas 2` no request fails"
            + " meanwhile. Nothing is restarted while the model registry is away."
      })
  static final class Restart implements Callable<Integer> {
    private final Console console;

    Restart(Console console) {
      this.console = console;
    }

    @Override
    public Integer call() {
      UpDisplay display = new UpDisplay(console);
      int replicas = LocalCommands.local(console).restartServing(display);
      display.erase();
      if (replicas == 0) {
        throw CommandFailure.failed("nothing serves here: start it with `millrace up`");
      }
      console.out().println("Restarted " + replicas + (replicas == 1 ? " replica" : " replicas"));
      return ExitCode.OK;
    }
  }
}
