package io.millrace.workers.cli;

import io.millrace.activities.registry.MlflowRegistry;
import io.millrace.activities.registry.MlflowRegistry.Model;
import io.millrace.activities.registry.ModelAnnouncements;
import io.millrace.core.serving.PrintableText;
import io.millrace.serving.models.Rollout;
import io.millrace.workers.config.RedisConfig;
import io.millrace.workers.config.Settings;
import io.millrace.workers.serving.RegistryModels;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Registered models, and which of their versions serve. */
@Command(
    name = "models",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    header = "List registered models; say which version serves, to whom.",
    description = {
      "",
      "All of them move an alias in the model registry and tell the servers, which take the version"
          + " over once it has given the predictions of its golden batch. No request fails."
    },
    footer = {
      "",
      "Examples:",
      "  millrace models promote purchase_prediction_model 7",
      "  millrace models canary purchase_prediction_model 8 --share 0.2",
      "  millrace models canary purchase_prediction_model --end"
    })
final class ModelsCommand implements Runnable {
  private final Console console;

  private ModelsCommand(Console console) {
    this.console = console;
  }

  static CommandLine commandLine(Console console) {
    return new CommandLine(new ModelsCommand(console))
        .addSubcommand(new ListModels(console))
        .addSubcommand(new Promote(console))
        .addSubcommand(new Canary(console))
        .addSubcommand(new Shadow(console));
  }

  @Override
  public void run() {
    commandLine(console).usage(console.out());
  }

  /** A command on models. */
  abstract static class OnModels implements Callable<Integer> {
    final Console console;

    OnModels(Console console) {
      this.console = console;
    }

    final MlflowRegistry registry() {
      return new MlflowRegistry(RegistryModels.mlflow(Millrace.settings(console)));
    }

    /** Points an alias at a version, or at none, and says so to the servers. */
    final void move(String model, String alias, @Nullable String version) {
      if (version == null) {
        registry().deleteAlias(model, alias);
      } else {
        MlflowRegistry.Version found = registry().version(model, version);
        registry().setAlias(model, alias, found.version());
      }
      announce(model);
      console
          .out()
          .println(
              version == null
                  ? "%s has no %s any more".formatted(model, alias)
                  : "%s of %s is version %s".formatted(alias, model, version));
    }

    final void announce(String model) {
      Settings settings = Millrace.settings(console);
      try (ModelAnnouncements announcements =
          new ModelAnnouncements(RedisConfig.from(settings).uri().toString())) {
        announcements.announce(model);
      }
    }
  }

  /** All of them. */
  @Command(name = "list", mixinStandardHelpOptions = true, header = "List the registered models.")
  static final class ListModels extends OnModels {
    @Option(names = "--json", description = "Print JSON.")
    private boolean json;

    ListModels(Console console) {
      super(console);
    }

    @Override
    public Integer call() {
      List<Model> models = registry().models();
      if (json) {
        Json.print(console, models);
        return ExitCode.OK;
      }
      Table table = new Table("model", "champion", "canary", "share", "shadow", "other aliases");
      for (Model model : models) {
        Map<String, String> others = new TreeMap<>(model.aliases());
        String canary = taken(others, Rollout.CANARY);
        table.row(
            model.name(),
            taken(others, Rollout.CHAMPION),
            canary,
            canary.isEmpty() ? "" : share(model),
            taken(others, Rollout.SHADOW),
            String.join(", ", others.entrySet().stream().map(Object::toString).toList()));
      }
      table.print(console.out());
      return ExitCode.OK;
    }

    /** One that is wrong is shown as it is: a list must not fail with one of its models. */
    private static String share(Model model) {
      return RegistryModels.shareProblem(model) == null
          ? Double.toString(RegistryModels.canaryShare(model))
          : "invalid: " + PrintableText.of(model.tags().get(RegistryModels.CANARY_SHARE));
    }

    private static String taken(Map<String, String> aliases, String alias) {
      @Nullable String version = aliases.remove(alias);
      return version == null ? "" : version;
    }
  }

  /** One for everybody. */
  @Command(
      name = "promote",
      mixinStandardHelpOptions = true,
      header = "Let a version answer: it becomes the champion.",
      description = {"", "The same with an older version goes back to it."})
  static final class Promote extends OnModels {
    @Parameters(index = "0", paramLabel = "MODEL", description = "The registered model.")
    private String model = "";

    @Parameters(index = "1", paramLabel = "VERSION", description = "Its version.")
    private String version = "";

    Promote(Console console) {
      super(console);
    }

    @Override
    public Integer call() {
      move(model, Rollout.CHAMPION, version);
      return ExitCode.OK;
    }
  }

  /** A version that some users get. */
  @Command(
      name = "canary",
      mixinStandardHelpOptions = true,
      header = "Let a version answer a part of the users, always the same ones.")
  static final class Canary extends OnModels {
    @Parameters(index = "0", paramLabel = "MODEL", description = "The registered model.")
    private String model = "";

    @Parameters(index = "1", arity = "0..1", paramLabel = "VERSION", description = "Its version.")
    private @Nullable String version;

    @Option(names = "--share", paramLabel = "SHARE", description = "Part of the users, 0 to 1.")
    private @Nullable Double share;

    @Option(names = "--end", description = "The champion answers all of them again.")
    private boolean end;

    Canary(Console console) {
      super(console);
    }

    @Override
    public Integer call() {
      if (version == null ? !end && share == null : end) {
        throw CommandFailure.usage("name a VERSION, or a --share, or --end it");
      }
      if (share != null) {
        registry().setModelTag(model, RegistryModels.CANARY_SHARE, Double.toString(valid(share)));
      }
      if (version != null || end) {
        move(model, Rollout.CANARY, end ? null : version);
      } else {
        announce(model);
        console.out().println("the canary of %s serves %s of the users".formatted(model, share));
      }
      return ExitCode.OK;
    }

    private static double valid(double share) {
      if (!Rollout.isShare(share)) {
        throw CommandFailure.usage("--share must be 0 to 1, but is " + share);
      }
      return share;
    }
  }

  /** A version that is only watched. */
  @Command(
      name = "shadow",
      mixinStandardHelpOptions = true,
      header = "Score a version beside the champion, and log what it would have answered.")
  static final class Shadow extends OnModels {
    @Parameters(index = "0", paramLabel = "MODEL", description = "The registered model.")
    private String model = "";

    @Parameters(index = "1", arity = "0..1", paramLabel = "VERSION", description = "Its version.")
    private @Nullable String version;

    @Option(names = "--end", description = "Score it no more.")
    private boolean end;

    Shadow(Console console) {
      super(console);
    }

    @Override
    public Integer call() {
      if ((version == null) != end) {
        throw CommandFailure.usage("name a VERSION, or --end it");
      }
      move(model, Rollout.SHADOW, version);
      return ExitCode.OK;
    }
  }
}
