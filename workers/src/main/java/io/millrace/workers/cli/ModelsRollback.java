package io.millrace.workers.cli;

import io.millrace.core.registry.Promotion;
import io.millrace.workers.serving.RegistryConnection;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The champion before this one. */
@Command(
    name = "rollback",
    mixinStandardHelpOptions = true,
    header = "Let the version serve again that served before the champion.")
final class ModelsRollback extends ModelsCommand.OnModel {
  @Option(
      names = "--reason",
      paramLabel = "TEXT",
      defaultValue = "rolled back by command",
      description = "Why; recorded on the version.")
  private String reason = "";

  ModelsRollback(Console console) {
    super(console);
  }

  @Override
  void run(RegistryConnection connection) {
    Promotion done = connection.registry().rollBack(model, user(), reason, null);
    say(
        "%s of %s is version %s again, instead of version %s"
            .formatted(String.join(", ", done.aliases()), model, done.to(), done.from()));
  }
}
