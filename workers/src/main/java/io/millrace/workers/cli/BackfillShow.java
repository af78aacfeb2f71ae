package io.millrace.workers.cli;

import io.millrace.engine.backfill.BackfillReport;
import io.millrace.engine.backfill.BackfillReport.DateReport;
import io.temporal.client.WorkflowNotFoundException;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** How a backfill stands. */
@Command(
    name = "show",
    mixinStandardHelpOptions = true,
    header = "Show how a backfill stands, date by date, and why a date is still open.",
    description = {
      "",
      "Beyond 1,000 dates only those that run, failed or were cancelled. The first 50 that run say"
          + " what they do or wait for: a task and its worker, the run before, a free place, a"
          + " retry and its failure, a worker that is not there."
    },
    footer = {"", "Exit codes: 0 it runs or ended well, 1 a run failed, 2 no such backfill."})
final class BackfillShow implements Callable<Integer> {
  private final Console console;

  @Parameters(paramLabel = "ID", description = "The backfill's workflow id.")
  private String id = "";

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  BackfillShow(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    try (TemporalConnection temporal = TemporalConnection.open(console)) {
      BackfillReport report;
      try {
        report = temporal.backfills().explain(temporal.backfills().describe(id));
      } catch (WorkflowNotFoundException e) {
        throw noSuch(temporal, id, e);
      }
      print(console, json, report, temporal.runUrl(id));
      return report.failed() + report.cancelled() > 0 ? ExitCode.FAILED : ExitCode.OK;
    }
  }

  static CommandFailure noSuch(
      TemporalConnection temporal, String id, WorkflowNotFoundException missing) {
    return temporal.missing(missing, "backfill", id, BackfillList.QUERY, "millrace backfill list");
  }

  static void print(Console console, boolean json, BackfillReport report, String url) {
    if (json) {
      Json.print(console, report);
      return;
    }
    Table table = new Table("date", "state", "run", "reason");
    for (DateReport date : report.dates()) {
      table.row(
          date.date().toString(),
          date.state().name().toLowerCase(Locale.ROOT),
          date.runId(),
          date.reason());
    }
    table.print(console.out());
    console.out().println(counts(report));
    console.out().println(url);
  }

  /** One line about the whole. */
  static String counts(BackfillReport report) {
    return "%s %s%s: %d dates, %s"
        .formatted(
            report.dag(),
            report.state().name().toLowerCase(Locale.ROOT),
            report.note().isEmpty() ? "" : " (" + report.note() + ")",
            report.total(),
            report.counts());
  }
}
