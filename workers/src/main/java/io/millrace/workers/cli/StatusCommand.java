package io.millrace.workers.cli;

import io.millrace.stack.Component;
import io.millrace.stack.StatusRow;
import io.millrace.stack.StatusTable;
import io.millrace.workers.config.MetricsConfig;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Shows what runs where. */
@Command(
    name = "status",
    mixinStandardHelpOptions = true,
    header = "Show what runs where.",
    footer = {
      "",
      "Exit codes: 0 everything runs and is well (connect may be stopped),",
      "1 something does not."
    })
final class StatusCommand implements Callable<Integer> {
  private final Console console;

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  StatusCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    List<StatusRow> rows = LocalCommands.local(console).status();
    if (json) {
      Json.print(console, rows.stream().map(StatusCommand::fields).toList());
    } else {
      console.out().print(StatusTable.format(rows));
      MetricsConfig metrics = MetricsConfig.from(Millrace.settings(console));
      if (metrics.port() > 0) {
        console.out().println("The worker's metrics: " + metrics.url());
      }
      console.out().flush();
    }
    return rows.stream().allMatch(StatusCommand::isAsItShouldBe) ? ExitCode.OK : ExitCode.FAILED;
  }

  private static boolean isAsItShouldBe(StatusRow row) {
    boolean needed =
        !row.name().equals(Component.CONNECT.id()) || row.state() != StatusRow.State.STOPPED;
    return !needed || row.state() == StatusRow.State.HEALTHY;
  }

  private static Map<String, Object> fields(StatusRow row) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("name", row.name());
    fields.put("state", row.state().name().toLowerCase(Locale.ROOT));
    fields.put("address", row.address());
    fields.put("pid", row.pid());
    fields.put("memory_bytes", row.memoryBytes());
    fields.put("log", row.log().toString());
    return fields;
  }
}
