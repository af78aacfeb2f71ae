package io.millrace.workers.cli;

import io.millrace.engine.DagRuns;
import io.millrace.engine.DagRuns.Listed;
import io.millrace.engine.RunReport.RunState;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The latest backfills. */
@Command(
    name = "list",
    mixinStandardHelpOptions = true,
    header = "List backfills, the one that started last first.",
    footer = {"", "Example:", "  millrace backfill list --dag data_pipeline --state running"})
final class BackfillList implements Callable<Integer> {
  /** Finds them on the server. */
  static final String QUERY = "WorkflowType = 'millrace_backfill'";

  private static final String PREFIX = "backfill/";

  private final Console console;

  @Option(names = "--dag", paramLabel = "NAME", description = "Only those of this DAG.")
  private @Nullable String dag;

  @Option(names = "--state", paramLabel = "STATE", description = "One of ${COMPLETION-CANDIDATES}.")
  private RunQuery.@Nullable State state;

  @Option(
      names = "--limit",
      paramLabel = "N",
      defaultValue = "20",
      description = "At most so many. Default: ${DEFAULT-VALUE}.")
  private int limit;

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  BackfillList(Console console) {
    this.console = console;
  }

  /**
   * A backfill as it is printed.
   *
   * @param range of its nominal times, {@code FROM..TO}
   */
  record Row(
      String backfillId,
      String dag,
      String range,
      RunState state,
      Instant startedAt,
      @Nullable Instant endedAt) {

    static Row of(Listed run) {
      String[] parts = run.runId().substring(PREFIX.length()).split("/", 2);
      return new Row(
          run.runId(),
          parts[0],
          parts.length < 2 ? "" : parts[1],
          run.state(),
          run.startedAt(),
          run.endedAt());
    }
  }

  @Override
  public Integer call() {
    if (limit < 1) {
      throw CommandFailure.usage("--limit must be 1 or more, but is " + limit);
    }
    String query = QUERY;
    if (dag != null) {
      query += " AND WorkflowId STARTS_WITH '%s%s/'".formatted(PREFIX, Names.dag(dag).name());
    }
    if (state != null) {
      query += " AND " + state.query();
    }
    try (TemporalConnection temporal = TemporalConnection.open(console)) {
      DagRuns runs = temporal.runs();
      print(runs.list(query, limit).stream().map(Row::of).toList());
      return ExitCode.OK;
    }
  }

  private void print(List<Row> rows) {
    if (json) {
      Json.print(console, rows);
      return;
    }
    if (rows.isEmpty()) {
      console.err().println("no such backfill");
      return;
    }
    Table table = new Table("backfill", "dag", "state", "started", "duration");
    for (Row row : rows) {
      table.row(
          row.backfillId(),
          row.dag(),
          Words.of(row.state()),
          Words.of(row.startedAt()),
          Words.between(row.startedAt(), row.endedAt()));
    }
    table.print(console.out());
  }
}
