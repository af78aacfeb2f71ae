package io.millrace.workers.cli;

import io.millrace.workers.config.TemporalConfig;
import io.millrace.workers.worker.Pipeline;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** DAGs: which there are, and starting one. */
@Command(
    name = "dags",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    header = "List, show, start and test DAGs.")
final class DagsCommand implements Runnable {
  private final Console console;

  private DagsCommand(Console console) {
    this.console = console;
  }

  static CommandLine commandLine(Console console) {
    return new CommandLine(new DagsCommand(console))
        .addSubcommand(new ListDags(console))
        .addSubcommand(new DagsShow(console))
        .addSubcommand(new TriggerCommand(console))
        .addSubcommand(new TestCommand(console))
        .addSubcommand(new DagsDocs(console));
  }

  @Override
  public void run() {
    commandLine(console).usage(console.out());
  }

  /** Every DAG, its schedule, and a link to the form that starts it. */
  @Command(
      name = "list",
      mixinStandardHelpOptions = true,
      header = "List the DAGs, each with a link to the Web UI's start form, filled in.")
  static final class ListDags implements Callable<Integer> {
    private final Console console;

    @Option(names = "--json", description = "Print JSON.")
    private boolean json;

    ListDags(Console console) {
      this.console = console;
    }

    @Override
    public Integer call() {
      TemporalConfig temporal = TemporalConfig.from(Millrace.settings(console));
      if (json) {
        List<Map<String, Object>> rows = new ArrayList<>();
        for (Pipeline pipeline : Pipeline.ALL) {
          Map<String, Object> row = new LinkedHashMap<>();
          row.put("dag", pipeline.name());
          row.put("cron", pipeline.schedule().cron());
          row.put("task_queue", Pipeline.TASK_QUEUE);
          row.put("summary", pipeline.summary());
          row.put("start_url", TemporalConnection.startUrl(temporal, pipeline));
          rows.add(row);
        }
        Json.print(console, rows);
        return ExitCode.OK;
      }
      for (Pipeline pipeline : Pipeline.ALL) {
        console.out().printf("%s (%s)%n", pipeline.name(), pipeline.schedule().cron());
        console.out().println("  " + pipeline.summary());
        console.out().println("  start: " + TemporalConnection.startUrl(temporal, pipeline));
      }
      return ExitCode.OK;
    }
  }
}
