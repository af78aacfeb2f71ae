package io.millrace.workers.cli;

import io.millrace.workers.serving.RegistryConnection;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Registered models, and which of their versions serve. */
@Command(
    name = "models",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    header = "List registered models; decide which version serves, and whom.",
    description = {
      "",
      "A version serves only after it has given the predictions of its golden batch. The servers"
          + " load it first, so that no request fails. Each promotion is recorded: see history."
    },
    footer = {
      "",
      "Examples:",
      "  millrace models promote purchase_prediction_model 7",
      "  millrace models canary purchase_prediction_model 8 --share 0.2",
      "  millrace models canary purchase_prediction_model --end",
      "  millrace models rollback purchase_prediction_model --reason 'too many refunds'"
    })
final class ModelsCommand implements Runnable {
  private final Console console;

  private ModelsCommand(Console console) {
    this.console = console;
  }

  static CommandLine commandLine(Console console) {
    return new CommandLine(new ModelsCommand(console))
        .addSubcommand(new ModelsList(console))
        .addSubcommand(new ModelsHistory(console))
        .addSubcommand(new ModelsPromote(console))
        .addSubcommand(new ModelsRollback(console))
        .addSubcommand(new ModelsCanary(console))
        .addSubcommand(new ModelsShadow(console));
  }

  @Override
  public void run() {
    commandLine(console).usage(console.out());
  }

  /** A command on the registry. */
  abstract static class OnRegistry implements Callable<Integer> {
    final Console console;

    OnRegistry(Console console) {
      this.console = console;
    }

    @Override
    public final Integer call() {
      try (RegistryConnection connection = RegistryConnection.open(Millrace.settings(console))) {
        run(connection);
      }
      return ExitCode.OK;
    }

    abstract void run(RegistryConnection connection);

    /** Who is at the keyboard, for the audit record. */
    static String user() {
      return "command line, user " + System.getProperty("user.name");
    }

    final void say(String line) {
      console.out().println(line);
    }
  }

  /** A command on one model. */
  abstract static class OnModel extends OnRegistry {
    @Parameters(index = "0", paramLabel = "MODEL", description = "The registered model.")
    String model = "";

    OnModel(Console console) {
      super(console);
    }
  }
}
