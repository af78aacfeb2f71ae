package io.millrace.workers.cli;

import io.millrace.engine.DagRuns;
import io.millrace.engine.RunReport;
import io.temporal.client.WorkflowNotFoundException;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Runs: which there are, and how one stands. */
@Command(
    name = "runs",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    header = "List runs; show the tasks of one.")
final class RunsCommand implements Runnable {
  private final Console console;

  private RunsCommand(Console console) {
    this.console = console;
  }

  static CommandLine commandLine(Console console) {
    return new CommandLine(new RunsCommand(console))
        .addSubcommand(new ListRuns(console))
        .addSubcommand(new ShowRun(console));
  }

  @Override
  public void run() {
    commandLine(console).usage(console.out());
  }

  /** The latest runs. */
  @Command(name = "list", mixinStandardHelpOptions = true, header = "List runs, the latest first.")
  static final class ListRuns implements Callable<Integer> {
    private final Console console;

    @Option(names = "--dag", paramLabel = "NAME", description = "Only runs of this DAG.")
    private @Nullable String dag;

    @Option(
        names = "--limit",
        paramLabel = "N",
        defaultValue = "20",
        description = "At most so many. Default: ${DEFAULT-VALUE}.")
    private int limit;

    @Option(names = "--json", description = "Print JSON.")
    private boolean json;

    ListRuns(Console console) {
      this.console = console;
    }

    @Override
    public Integer call() {
      try (TemporalConnection temporal = TemporalConnection.open(Millrace.settings(console))) {
        List<DagRuns.Listed> runs = temporal.runs().list(dag, limit);
        if (json) {
          Json.print(console, runs);
          return ExitCode.OK;
        }
        Table table = new Table("run", "dag", "status", "started");
        for (DagRuns.Listed run : runs) {
          table.row(
              run.runId(),
              run.dag(),
              run.status(),
              run.startedAt().truncatedTo(ChronoUnit.SECONDS).toString());
        }
        table.print(console.out());
        return ExitCode.OK;
      }
    }
  }

  /** One run and its tasks. */
  @Command(
      name = "show",
      mixinStandardHelpOptions = true,
      header = "Show the tasks of a run, as they are now.",
      footer = {"", "Exit codes: 0 it runs or succeeded, 1 it failed, 2 no such run."})
  static final class ShowRun implements Callable<Integer> {
    private final Console console;

    @Parameters(paramLabel = "ID", description = "The run's workflow id.")
    private String id = "";

    @Option(names = "--json", description = "Print JSON.")
    private boolean json;

    ShowRun(Console console) {
      this.console = console;
    }

    @Override
    public Integer call() {
      try (TemporalConnection temporal = TemporalConnection.open(Millrace.settings(console))) {
        RunReport report;
        try {
          report = temporal.runs().describe(id);
        } catch (WorkflowNotFoundException e) {
          throw CommandFailure.usage("there is no run '" + id + "'; see `millrace runs list`");
        }
        if (json) {
          Json.print(console, report);
        } else {
          RunTree.lines(report).forEach(console.out()::println);
          console.out().println(temporal.runUrl(id));
        }
        return report.state() == RunReport.RunState.FAILED ? ExitCode.FAILED : ExitCode.OK;
      }
    }
  }
}
