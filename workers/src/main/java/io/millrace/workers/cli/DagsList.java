package io.millrace.workers.cli;

import io.millrace.engine.DagRuns;
import io.millrace.engine.DagRuns.Listed;
import io.millrace.engine.RunReport.RunState;
import io.millrace.engine.schedule.ScheduleStatus;
import io.millrace.workers.config.Settings;
import io.millrace.workers.config.TemporalConfig;
import io.millrace.workers.worker.Pipeline;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Every DAG with the state of its schedule, its next and its last run. */
@Command(
    name = "list",
    mixinStandardHelpOptions = true,
    header = "List the DAGs: schedule, pause, next and last run.",
    description = {
      "",
      "A schedule starts nothing before `millrace schedules apply` has put it on the server; its"
          + " state is `not applied` until then. Without a server only what the code declares is"
          + " shown."
    },
    footer = {
      "",
      "Examples:",
      "  millrace dags list",
      "  millrace dags list --links          with the Web UI's start form of each, filled in"
    })
final class DagsList implements Callable<Integer> {
  /** What to type so that schedules start runs. */
  static final String APPLY =
      "no DAG starts by itself; `millrace schedules apply` puts the schedules there";

  private static final int RUNS_IN_ONE_LOOK = 200;

  private final Console console;

  @Option(names = "--links", description = "Also print the link to each start form.")
  private boolean links;

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  DagsList(Console console) {
    this.console = console;
  }

  /** The state of a DAG's schedule on the server. */
  enum ScheduleState {
    ACTIVE,
    PAUSED,
    /** Declared in the code, and not on the server. */
    NOT_APPLIED,
    /** The server does not answer. */
    UNKNOWN
  }

  /**
   * A DAG as it is printed.
   *
   * @param nextRun the next nominal time of an active schedule
   * @param lastRun when the last run started, by whomever
   * @param lastState of the last run
   */
  record Row(
      String dag,
      String cron,
      ScheduleState schedule,
      @Nullable Instant nextRun,
      @Nullable Instant lastRun,
      @Nullable RunState lastState,
      String taskQueue,
      String summary,
      String startUrl) {}

  @Override
  public Integer call() {
    Settings settings = Millrace.settings(console);
    TemporalConfig config = TemporalConfig.from(settings);
    List<Row> rows = rows(config, settings);
    if (json) {
      Json.print(console, rows);
      return ExitCode.OK;
    }
    Table table = new Table("dag", "schedule", "state", "next run", "last run", "ended", "summary");
    for (Row row : rows) {
      table.row(
          row.dag(),
          row.cron(),
          Words.of(row.schedule()),
          Words.of(row.nextRun()),
          Words.of(row.lastRun()),
          row.lastState() == null ? "" : Words.of(row.lastState()),
          row.summary());
    }
    table.print(console.out());
    if (links) {
      rows.forEach(row -> console.out().println(row.startUrl()));
    }
    hint(rows);
    return ExitCode.OK;
  }

  private void hint(List<Row> rows) {
    long missing = rows.stream().filter(row -> row.schedule() == ScheduleState.NOT_APPLIED).count();
    if (missing == rows.size()) {
      console.err().println("no schedule is on the server: " + APPLY);
    } else if (missing > 0) {
      console
          .err()
          .println(
              missing
                  + " of "
                  + rows.size()
                  + " schedules are not on the server: `millrace schedules apply` puts them there");
    }
  }

  private List<Row> rows(TemporalConfig config, Settings settings) {
    try (TemporalConnection temporal = TemporalConnection.open(config, settings)) {
      Map<String, ScheduleStatus> schedules =
          temporal.schedules().list().stream()
              .collect(Collectors.toMap(ScheduleStatus::schedule, Function.identity()));
      Map<String, Listed> last = lastRuns(temporal.runs());
      List<Row> rows = new ArrayList<>();
      for (Pipeline pipeline : Pipeline.ALL) {
        rows.add(row(config, pipeline, schedules.get(pipeline.name()), last.get(pipeline.name())));
      }
      return rows;
    } catch (CommandFailure e) {
      if (e.exitCode() != ExitCode.UNREACHABLE) {
        throw e;
      }
      console.err().println("millrace: " + e.getMessage());
      return Pipeline.ALL.stream().map(pipeline -> declared(config, pipeline)).toList();
    }
  }

  /** One look finds the last run of most DAGs; the others are looked for one by one. */
  private static Map<String, Listed> lastRuns(DagRuns runs) {
    Map<String, Listed> last =
        runs.list(new RunQuery().ofDags().text(), RUNS_IN_ONE_LOOK).stream()
            .collect(Collectors.toMap(Listed::dag, Function.identity(), (late, early) -> late));
    for (String dag : Names.dags()) {
      if (!last.containsKey(dag)) {
        runs.list(new RunQuery().dag(dag).ofDags().text(), 1)
            .forEach(run -> last.put(run.dag(), run));
      }
    }
    return last;
  }

  private static Row row(
      TemporalConfig config,
      Pipeline pipeline,
      @Nullable ScheduleStatus schedule,
      @Nullable Listed last) {
    @Nullable ScheduleStatus active = schedule == null || schedule.paused() ? null : schedule;
    return new Row(
        pipeline.name(),
        pipeline.schedule().cron(),
        schedule == null
            ? ScheduleState.NOT_APPLIED
            : schedule.paused() ? ScheduleState.PAUSED : ScheduleState.ACTIVE,
        active == null || active.next().isEmpty() ? null : active.next().get(0),
        last == null ? null : last.startedAt(),
        last == null ? null : last.state(),
        Pipeline.TASK_QUEUE,
        pipeline.summary(),
        TemporalConnection.startUrl(config, pipeline));
  }

  private static Row declared(TemporalConfig config, Pipeline pipeline) {
    return new Row(
        pipeline.name(),
        pipeline.schedule().cron(),
        ScheduleState.UNKNOWN,
        null,
        null,
        null,
        Pipeline.TASK_QUEUE,
        pipeline.summary(),
        TemporalConnection.startUrl(config, pipeline));
  }
}
