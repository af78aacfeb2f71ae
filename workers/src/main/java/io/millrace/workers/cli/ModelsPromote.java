package io.millrace.workers.cli;

import io.millrace.core.registry.Promotion;
import io.millrace.core.registry.PromotionRequest;
import io.millrace.workers.serving.RegistryConnection;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Another champion. */
@Command(
    name = "promote",
    mixinStandardHelpOptions = true,
    header = "Let a version that passed its gate serve all users.")
final class ModelsPromote extends ModelsCommand.OnModel {
  @Parameters(index = "1", paramLabel = "VERSION", description = "Its version.")
  private String version = "";

  @Option(
      names = "--force",
      description = "Promote a version that did not pass a gate. Needs --reason.")
  private boolean force;

  @Option(names = "--reason", paramLabel = "TEXT", description = "Why; recorded on the version.")
  private @Nullable String reason;

  ModelsPromote(Console console) {
    super(console);
  }

  @Override
  void run(RegistryConnection connection) {
    Promotion done = connection.registry().promote(request());
    String line =
        version.equals(done.from()) ? "%s of %s was version %s already" : "%s of %s is version %s";
    say(line.formatted(String.join(", ", done.aliases()), model, version));
  }

  private PromotionRequest request() {
    if (force && reason == null) {
      throw CommandFailure.usage("--force needs a --reason, which is recorded on the version");
    }
    String why = reason == null ? "promoted by command" : reason;
    try {
      return force
          ? PromotionRequest.forced(model, version, user(), why)
          : PromotionRequest.of(model, version, user(), why);
    } catch (IllegalArgumentException e) {
      throw CommandFailure.usage("--reason: " + e.getMessage());
    }
  }
}
