package io.millrace.workers.cli;

import io.millrace.core.registry.CanaryShare;
import io.millrace.core.registry.ModelRegistry;
import io.millrace.workers.serving.RegistryConnection;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** A version that some users get. */
@Command(
    name = "canary",
    mixinStandardHelpOptions = true,
    header = "Let a version serve a share of the users, always the same ones.")
final class ModelsCanary extends ModelsCommand.OnModel {
  @Parameters(
      index = "1",
      arity = "0..1",
      paramLabel = "VERSION",
      description = "The version that becomes the canary; without it, --share is the canary's.")
  private @Nullable String version;

  @Option(
      names = "--share",
      paramLabel = "SHARE",
      description = "Share of the users, 0 to 1. Default of a new canary: 0.1.")
  private @Nullable Double share;

  @Option(names = "--end", description = "The champion serves all users again.")
  private boolean end;

  ModelsCanary(Console console) {
    super(console);
  }

  @Override
  void run(RegistryConnection connection) {
    if (end ? version != null || share != null : version == null && share == null) {
      throw CommandFailure.usage("name a VERSION, or a --share, or --end it");
    }
    if (share != null && !CanaryShare.isValid(share)) {
      throw CommandFailure.usage("--share must be 0 to 1, but is " + share);
    }
    ModelRegistry registry = connection.registry();
    if (end) {
      registry.endCanary(model);
      say("%s has no canary any more".formatted(model));
    } else if (version != null) {
      registry.startCanary(model, version, share);
      started(version, share == null ? CanaryShare.DEFAULT : share);
    } else if (share != null) {
      started(registry.shareCanary(model, share), share);
    }
  }

  private void started(String canary, double part) {
    say("canary of %s is version %s, for %s of the users".formatted(model, canary, part));
  }
}
