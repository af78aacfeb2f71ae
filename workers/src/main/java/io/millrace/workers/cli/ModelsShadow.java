package io.millrace.workers.cli;

import io.millrace.workers.serving.RegistryConnection;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** A version that is only watched. */
@Command(
    name = "shadow",
    mixinStandardHelpOptions = true,
    header = "Score a version beside the champion, and log what it would have answered.")
final class ModelsShadow extends ModelsCommand.OnModel {
  @Parameters(index = "1", arity = "0..1", paramLabel = "VERSION", description = "Its version.")
  private @Nullable String version;

  @Option(names = "--end", description = "Stop scoring it.")
  private boolean end;

  ModelsShadow(Console console) {
    super(console);
  }

  @Override
  void run(RegistryConnection connection) {
    if (version == null || end) {
      if (version != null || !end) {
        throw CommandFailure.usage("name a VERSION, or --end it");
      }
      connection.registry().endShadow(model);
      say("%s has no shadow any more".formatted(model));
    } else {
      connection.registry().startShadow(model, version);
      say("shadow of %s is version %s".formatted(model, version));
    }
  }
}
