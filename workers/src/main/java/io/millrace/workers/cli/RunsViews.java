package io.millrace.workers.cli;

import io.millrace.workers.config.TemporalConfig;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Queries worth keeping, with a link to each. */
@Command(
    name = "views",
    mixinStandardHelpOptions = true,
    header = "Queries worth saving in the Web UI, each with a link that opens it.",
    description = {
      "",
      "Open a link and press Save as New View; `temporal workflow list --query` takes the same"
          + " text. Times are UTC."
    })
final class RunsViews implements Callable<Integer> {
  private final Console console;

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  RunsViews(Console console) {
    this.console = console;
  }

  /** A query and the page of the Web UI that shows it. */
  record View(String name, String query, String url) {}

  @Override
  public Integer call() {
    TemporalConfig temporal = TemporalConfig.from(Millrace.settings(console));
    List<View> views = views(temporal, Instant.now());
    if (json) {
      Json.print(console, views);
      return ExitCode.OK;
    }
    for (View view : views) {
      console.out().println(view.name());
      console.out().println("  " + view.query());
      console.out().println("  " + view.url());
    }
    return ExitCode.OK;
  }

  static List<View> views(TemporalConfig temporal, Instant now) {
    Instant today = now.truncatedTo(ChronoUnit.DAYS);
    return List.of(
        view(
            temporal,
            "failed today",
            new RunQuery().state(RunQuery.State.FAILED).startedAfter(today)),
        view(temporal, "awaiting approval", new RunQuery().awaitingInput()),
        view(temporal, "held", new RunQuery().state(RunQuery.State.HELD)),
        view(temporal, "backfills", new RunQuery().backfills()));
  }

  private static View view(TemporalConfig temporal, String name, RunQuery query) {
    return new View(name, query.text(), TemporalConnection.queryUrl(temporal, query.text()));
  }
}
