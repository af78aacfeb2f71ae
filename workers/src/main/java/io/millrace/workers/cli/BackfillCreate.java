package io.millrace.workers.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.engine.PastDependency;
import io.millrace.engine.backfill.BackfillPast;
import io.millrace.engine.backfill.BackfillReport;
import io.millrace.engine.backfill.BackfillReport.DateReport;
import io.millrace.engine.backfill.BackfillReport.DateState;
import io.millrace.engine.backfill.BackfillRequest;
import io.millrace.engine.backfill.Backfills;
import io.millrace.engine.backfill.Reprocess;
import io.millrace.engine.schedule.Timetable;
import io.millrace.workers.worker.Pipeline;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Starts a backfill, and may wait for its end. */
@Command(
    name = "create",
    mixinStandardHelpOptions = true,
    header = "Run every date of a DAG's schedule in a range, some at a time.",
    description = {
      "",
      "Dates are nominal times of the declared schedule, both ends included. A day without a time"
          + " begins, or as --to-date ends, at midnight of the schedule's time zone."
    },
    footer = {
      "",
      "Examples:",
      "  millrace backfill create data_pipeline --from-date 2026-03-01 --to-date 2026-03-07 \\",
      "    --max-active-runs 4 --dry-run",
      "  millrace backfill create data_pipeline --from-date 2026-03-01T06:00:00Z \\",
      "    --to-date 2026-03-01T12:00:00Z --reprocess failed --param prefix=landing/ --wait",
      "",
      "Exit codes: 0 started (with --wait: every date ended well), 1 a run failed,",
      "2 wrong usage, 3 the server does not answer."
    })
final class BackfillCreate implements Callable<Integer> {
  private final Console console;

  @Parameters(paramLabel = "DAG", description = "The DAG; see `millrace dags list`.")
  private String dag = "";

  @Option(names = "--from-date", paramLabel = "TIME", required = true, description = "The first.")
  private String from = "";

  @Option(names = "--to-date", paramLabel = "TIME", required = true, description = "The last.")
  private String to = "";

  @Option(
      names = "--max-active-runs",
      paramLabel = "N",
      defaultValue = "10",
      description = "How many run at the same time, 1 to 500. Default: ${DEFAULT-VALUE}.")
  private int maxActiveRuns;

  @Option(
      names = {"--reprocess", "--reprocess-behavior"},
      paramLabel = "none|failed|completed",
      defaultValue = "none",
      description = "Which dates that have run to run again. Default: ${DEFAULT-VALUE}.")
  private Reprocess reprocess = Reprocess.NONE;

  @Option(names = "--run-backwards", description = "The latest date first.")
  private boolean backwards;

  @Option(
      names = {"--params", "--dag-run-conf"},
      paramLabel = "JSON|@FILE",
      description = "The params of each run.")
  private @Nullable String params;

  @Option(
      names = "--param",
      paramLabel = "KEY=VALUE",
      description = "One of the params; repeatable.")
  private Map<String, String> param = new LinkedHashMap<>();

  @Option(
      names = "--dry-run",
      description = "Only print the dates, and which would run; asks the server which exist.")
  private boolean dryRun;

  @Option(names = "--wait", description = "Wait for the end.")
  private boolean wait;

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  BackfillCreate(Console console) {
    this.console = console;
  }

  private record Planned(String date, String runId, String would, String reason) {}

  @Override
  public Integer call() {
    BackfillRequest request = request();
    List<Instant> dates = dates(request);
    if (backwards && dates.size() > 1) {
      requireNoPast(request);
    }
    try (TemporalConnection temporal = TemporalConnection.open(console)) {
      Backfills backfills = temporal.backfills();
      if (dryRun) {
        print(backfills.plan(request));
        return ExitCode.OK;
      }
      String id = start(backfills, request);
      if (wait) {
        BackfillReport report = new BackfillWatch(console, backfills).await(id);
        BackfillShow.print(console, json, report, temporal.runUrl(id));
        return report.state() == BackfillReport.State.SUCCESS ? ExitCode.OK : ExitCode.FAILED;
      }
      started(id, temporal.runUrl(id), dates.size());
      return ExitCode.OK;
    }
  }

  private void requireNoPast(BackfillRequest request) {
    BackfillPast past = new BackfillPast(request);
    Pipeline.named(dag)
        .flatMap(
            pipeline ->
                PastDependency.of(pipeline.implementation(), request.params(), past.intervals()))
        .ifPresent(
            task -> {
              throw CommandFailure.usage(BackfillPast.refusal(task));
            });
  }

  private BackfillRequest request() {
    Pipeline pipeline = Names.dag(dag);
    Timetable timetable = pipeline.schedule().timetable();
    JsonNode input = ParamsInput.read(console, params, param);
    ParamsInput.require(pipeline, input);
    try {
      BackfillRequest request =
          BackfillRequest.of(
                  dag,
                  timetable,
                  TimeInput.from("--from-date", from, timetable.zone()),
                  TimeInput.to("--to-date", to, timetable.zone()))
              .withMaxActiveRuns(maxActiveRuns)
              .withReprocess(reprocess)
              .withParams(input);
      return backwards ? request.backwards() : request;
    } catch (IllegalArgumentException e) {
      throw CommandFailure.usage(String.valueOf(e.getMessage()));
    }
  }

  private static List<Instant> dates(BackfillRequest request) {
    try {
      List<Instant> dates = request.dates();
      if (dates.isEmpty()) {
        throw CommandFailure.usage(
            "the schedule '%s' has no time from %s to %s"
                .formatted(request.timetable(), request.from(), request.to()));
      }
      return dates;
    } catch (IllegalArgumentException e) {
      throw CommandFailure.usage(String.valueOf(e.getMessage()));
    }
  }

  private static String start(Backfills backfills, BackfillRequest request) {
    try {
      return backfills.start(request);
    } catch (IllegalStateException e) {
      throw CommandFailure.failed(String.valueOf(e.getMessage()));
    } catch (IllegalArgumentException e) {
      throw CommandFailure.usage(String.valueOf(e.getMessage()));
    }
  }

  private void print(List<DateReport> dates) {
    List<Planned> planned =
        dates.stream()
            .map(
                date ->
                    new Planned(
                        date.date().toString(),
                        date.runId(),
                        date.state() == DateState.PLANNED ? "run" : "existing",
                        date.reason()))
            .toList();
    if (json) {
      Json.print(console, planned);
      return;
    }
    Table table = new Table("date", "would", "run", "reason");
    planned.forEach(date -> table.row(date.date(), date.would(), date.runId(), date.reason()));
    table.print(console.out());
    console
        .out()
        .printf(
            "%d dates: %d would run, %d exist%n",
            planned.size(),
            planned.stream().filter(date -> date.would().equals("run")).count(),
            planned.stream().filter(date -> date.would().equals("existing")).count());
  }

  private void started(String id, String url, int dates) {
    if (json) {
      Map<String, Object> started = new LinkedHashMap<>();
      started.put("backfill_id", id);
      started.put("dates", dates);
      started.put("url", url);
      Json.print(console, started);
      return;
    }
    console.out().println("started " + id + " with " + dates + " dates");
    console.out().println(url);
  }
}
