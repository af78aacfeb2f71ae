package io.millrace.workers.cli;

import io.millrace.core.registry.PromotionRecord;
import io.millrace.workers.serving.RegistryConnection;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Who let which version serve, when and why. */
@Command(
    name = "history",
    mixinStandardHelpOptions = true,
    header = "List the promotions and rollbacks of a model, newest first.")
final class ModelsHistory extends ModelsCommand.OnModel {
  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  ModelsHistory(Console console) {
    super(console);
  }

  @Override
  void run(RegistryConnection connection) {
    List<PromotionRecord> records = connection.registry().history(model);
    if (json) {
      Json.print(console, records);
      return;
    }
    Table table = new Table("at", "from", "to", "kind", "by", "reason");
    for (PromotionRecord record : records) {
      table.row(
          record.at().toString(),
          record.from() == null ? "" : record.from(),
          record.to(),
          record.kind().name().toLowerCase(Locale.ROOT),
          PlainText.of(record.by()),
          PlainText.of(record.reason()));
    }
    table.print(console.out());
  }
}
