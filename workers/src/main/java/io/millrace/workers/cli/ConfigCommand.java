package io.millrace.workers.cli;

import io.millrace.workers.config.Settings;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Shows the settings in force. */
@Command(
    name = "config",
    mixinStandardHelpOptions = true,
    description = "Show every setting, its value (secrets masked) and where it comes from.")
final class ConfigCommand implements Callable<Integer> {
  private final Console console;

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  ConfigCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    List<Settings.Entry> entries = Millrace.settings(console).entries();
    if (json) {
      List<Map<String, Object>> rows = new ArrayList<>();
      for (Settings.Entry entry : entries) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("key", entry.key().name());
        row.put("value", entry.shown());
        row.put("source", entry.source());
        row.put("env", entry.key().environmentName());
        row.put("meaning", entry.key().meaning());
        rows.add(row);
      }
      Json.print(console, rows);
      return ExitCode.OK;
    }
    Table table = new Table("setting", "value", "from", "meaning");
    for (Settings.Entry entry : entries) {
      table.row(entry.key().name(), entry.shown(), source(entry), entry.key().meaning());
    }
    table.print(console.out());
    return ExitCode.OK;
  }

  private String source(Settings.Entry entry) {
    return entry.source().replace(console.home() + "/", "");
  }
}
