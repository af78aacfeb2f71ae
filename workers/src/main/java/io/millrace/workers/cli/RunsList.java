package io.millrace.workers.cli;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.millrace.engine.DagRuns;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The latest runs. */
@Command(
    name = "list",
    mixinStandardHelpOptions = true,
    header = "List runs of DAGs, the one that started last first.",
    footer = {
      "",
      "Examples:",
      "  millrace runs list --state failed --since 24h",
      "  millrace runs list --dag data_pipeline --limit 5 --json",
      "  millrace runs list --awaiting-input"
    })
final class RunsList implements Callable<Integer> {
  private final Console console;

  @Option(names = "--dag", paramLabel = "NAME", description = "Only runs of this DAG.")
  private @Nullable String dag;

  @Option(names = "--state", paramLabel = "STATE", description = "One of ${COMPLETION-CANDIDATES}.")
  private RunQuery.@Nullable State state;

  @Option(
      names = "--since",
      paramLabel = "TIME",
      description = "Started within this time, for example 90m, 24h or 7d, or since an instant.")
  private @Nullable String since;

  @Option(names = "--awaiting-input", description = "Only runs in which a gate waits for you.")
  private boolean awaitingInput;

  @Option(
      names = "--limit",
      paramLabel = "N",
      defaultValue = "20",
      description = "At most so many. Default: ${DEFAULT-VALUE}.")
  private int limit;

  @Option(
      names = "--all",
      description = "Also child runs, and the workflows that the engine has for itself.")
  private boolean all;

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  @Option(
      names = {"-q", "--quiet"},
      description = "Print the runs' ids alone, for a script.")
  private boolean quiet;

  RunsList(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    if (limit < 1) {
      throw CommandFailure.usage("--limit must be 1 or more, but is " + limit);
    }
    Instant after = since == null ? null : Since.instant("--since", since, Instant.now());
    RunQuery query = new RunQuery().dag(dag).state(state).startedAfter(after);
    if (!all) {
      query.ofDags();
    }
    if (awaitingInput) {
      query.awaitingInput();
    }
    try (TemporalConnection temporal = TemporalConnection.open(console)) {
      List<DagRuns.Listed> found = find(temporal.runs(), query);
      if (found.isEmpty() && dag != null) {
        requireKnown(temporal.runs(), dag);
      }
      print(found);
      return ExitCode.OK;
    }
  }

  /** A DAG that is not declared here may be another project's, if the server has runs of it. */
  private void requireKnown(DagRuns runs, String name) {
    if (!Names.dags().contains(name) && find(runs, new RunQuery().dag(name)).isEmpty()) {
      throw Names.unknown("DAG", name, Names.dags());
    }
  }

  private List<DagRuns.Listed> find(DagRuns runs, RunQuery query) {
    try {
      return runs.list(query.text(), limit);
    } catch (StatusRuntimeException e) {
      if (e.getStatus().getCode() == Status.Code.INVALID_ARGUMENT) {
        throw CommandFailure.usage(
            "the server does not take the query \""
                + query.text()
                + "\": "
                + e.getStatus().getDescription()
                + ". Are the search attributes registered? `millrace temporal operator"
                + " search-attribute list` shows them; `millrace up` registers them.");
      }
      throw e;
    }
  }

  private void print(List<DagRuns.Listed> runs) {
    if (quiet) {
      runs.forEach(run -> console.out().println(run.runId()));
      return;
    }
    if (json) {
      Json.print(console, runs);
      return;
    }
    if (runs.isEmpty()) {
      console.err().println("no such run");
      return;
    }
    Table table = new Table("run", "dag", "state", "started", "duration");
    for (DagRuns.Listed run : runs) {
      table.row(
          run.runId(),
          run.dag(),
          Words.of(run.state()),
          Words.of(run.startedAt()),
          Words.of(run.duration()));
    }
    table.print(console.out());
  }

  /** A time ago, as people write it. */
  static final class Since {
    private Since() {}

    static Instant instant(String option, String text, Instant now) {
      try {
        if (text.matches("[0-9]{1,6}d")) {
          return now.minus(Duration.parse("P" + text.replace('d', 'D')));
        }
        if (text.matches("([0-9]{1,6}h)?([0-9]{1,6}m)?([0-9]{1,6}s)?") && !text.isEmpty()) {
          return now.minus(Duration.parse("PT" + text)).truncatedTo(ChronoUnit.SECONDS);
        }
        return Instant.parse(text);
      } catch (java.time.DateTimeException e) {
        throw CommandFailure.usage(
            option + " must be like 90m, 24h, 7d or 2026-11-20T00:00:00Z, but is '" + text + "'");
      }
    }
  }
}
