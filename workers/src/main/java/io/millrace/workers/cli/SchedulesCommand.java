package io.millrace.workers.cli;

import io.millrace.engine.schedule.DagSchedule;
import io.millrace.engine.schedule.PlannedChange;
import io.millrace.workers.worker.Pipeline;
import io.temporal.client.schedules.ScheduleDescription;
import io.temporal.client.schedules.ScheduleListDescription;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Schedules: making the server's those that the DAGs declare. */
@Command(
    name = "schedules",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    header = "Apply and list the DAGs' schedules.")
final class SchedulesCommand implements Runnable {
  private final Console console;

  private SchedulesCommand(Console console) {
    this.console = console;
  }

  static CommandLine commandLine(Console console) {
    return new CommandLine(new SchedulesCommand(console))
        .addSubcommand(new Apply(console))
        .addSubcommand(new ListSchedules(console));
  }

  @Override
  public void run() {
    commandLine(console).usage(console.out());
  }

  /** Reconciles. */
  @Command(
      name = "apply",
      mixinStandardHelpOptions = true,
      header = "Make the server's schedules those that the DAGs declare.",
      description = {
        "",
        "Touches only schedules of its own and keeps a pause. Applying twice changes nothing."
      })
  static final class Apply implements Callable<Integer> {
    private final Console console;

    @Option(names = "--dry-run", description = "Only say what would be done.")
    private boolean dryRun;

    @Option(names = "--json", description = "Print JSON.")
    private boolean json;

    Apply(Console console) {
      this.console = console;
    }

    @Override
    public Integer call() {
      List<DagSchedule> declared = Pipeline.ALL.stream().map(Pipeline::schedule).toList();
      try (TemporalConnection temporal = TemporalConnection.open(Millrace.settings(console))) {
        List<PlannedChange> changes =
            dryRun ? temporal.schedules().plan(declared) : temporal.schedules().apply(declared);
        if (json) {
          Json.print(console, changes);
          return ExitCode.OK;
        }
        Table table = new Table("schedule", dryRun ? "would" : "done", "spec");
        for (PlannedChange change : changes) {
          table.row(
              change.schedule(), change.change().name().toLowerCase(Locale.ROOT), change.detail());
        }
        table.print(console.out());
        return ExitCode.OK;
      }
    }
  }

  /** What the server has. */
  @Command(
      name = "list",
      mixinStandardHelpOptions = true,
      header = "List the server's schedules and when each starts next.")
  static final class ListSchedules implements Callable<Integer> {
    private final Console console;

    @Option(names = "--json", description = "Print JSON.")
    private boolean json;

    ListSchedules(Console console) {
      this.console = console;
    }

    private record Row(String schedule, String state, String nextStart, long runs) {}

    @Override
    public Integer call() {
      try (TemporalConnection temporal = TemporalConnection.open(Millrace.settings(console));
          Stream<ScheduleListDescription> listed = temporal.scheduleClient().listSchedules()) {
        List<Row> rows = new ArrayList<>();
        listed
            .map(item -> temporal.scheduleClient().getHandle(item.getScheduleId()).describe())
            .map(ListSchedules::row)
            .forEach(rows::add);
        if (json) {
          Json.print(console, rows);
          return ExitCode.OK;
        }
        Table table = new Table("schedule", "state", "next", "runs");
        rows.forEach(
            row ->
                table.row(row.schedule(), row.state(), row.nextStart(), Long.toString(row.runs())));
        table.print(console.out());
        return ExitCode.OK;
      }
    }

    private static Row row(ScheduleDescription described) {
      List<Instant> next = described.getInfo().getNextActionTimes();
      boolean paused = described.getSchedule().getState().isPaused();
      return new Row(
          described.getId(),
          paused ? "paused" : "active",
          next.isEmpty() ? "" : next.get(0).toString(),
          described.getInfo().getNumActions());
    }
  }
}
