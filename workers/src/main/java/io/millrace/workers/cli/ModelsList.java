package io.millrace.workers.cli;

import io.millrace.core.registry.Aliases;
import io.millrace.core.registry.CanaryShare;
import io.millrace.core.registry.RegisteredModel;
import io.millrace.core.serving.PrintableText;
import io.millrace.workers.serving.RegistryConnection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** All registered models with their aliases. */
@Command(name = "list", mixinStandardHelpOptions = true, header = "List the registered models.")
final class ModelsList extends ModelsCommand.OnRegistry {
  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  ModelsList(Console console) {
    super(console);
  }

  @Override
  void run(RegistryConnection connection) {
    List<RegisteredModel> models = connection.store().models();
    if (json) {
      Json.print(console, models);
      return;
    }
    Table table = new Table("model", "champion", "canary", "share", "shadow", "other aliases");
    for (RegisteredModel model : models) {
      Map<String, String> others = new TreeMap<>(model.aliases());
      String canary = taken(others, Aliases.CANARY);
      table.row(
          model.name(),
          taken(others, Aliases.CHAMPION),
          canary,
          canary.isEmpty() ? "" : share(model),
          taken(others, Aliases.SHADOW),
          String.join(", ", others.entrySet().stream().map(Object::toString).toList()));
    }
    table.print(console.out());
  }

  /** One that is wrong is shown as it is: a list must not fail with one of its models. */
  private static String share(RegisteredModel model) {
    return CanaryShare.problem(model) == null
        ? Double.toString(CanaryShare.of(model))
        : "invalid: " + PrintableText.of(CanaryShare.text(model));
  }

  private static String taken(Map<String, String> aliases, String alias) {
    @Nullable String version = aliases.remove(alias);
    return version == null ? "" : version;
  }
}
