package io.millrace.workers.cli;

import io.millrace.engine.RunStates;
import io.millrace.engine.schedule.ScheduleStatus;
import io.millrace.engine.schedule.ScheduleStatus.RecentRun;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** What the server has. */
@Command(
    name = "list",
    mixinStandardHelpOptions = true,
    header = "List the server's schedules: next and last run, and the runs that fell.",
    description = {
      "",
      "skipped: another run was active; missed: older than the catch-up window after an outage;"
          + " dropped: too many were waiting. Each also raises an alert in the worker's log."
    })
final class ScheduleList implements Callable<Integer> {
  private final Console console;

  @Option(names = "--json", description = "Print JSON, with all known next times and last runs.")
  private boolean json;

  ScheduleList(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    try (TemporalConnection temporal = TemporalConnection.open(console)) {
      List<ScheduleStatus> schedules = temporal.schedules().list();
      if (json) {
        Json.print(console, schedules);
        return ExitCode.OK;
      }
      if (schedules.isEmpty()) {
        console.err().println("no schedule is on the server: " + DagsList.APPLY);
        return ExitCode.OK;
      }
      Table table =
          new Table(
              "schedule",
              "state",
              "next",
              "last",
              "ended",
              "runs",
              "skipped",
              "missed",
              "dropped",
              "note");
      schedules.forEach(schedule -> row(table, schedule));
      table.print(console.out());
      return ExitCode.OK;
    }
  }

  private static void row(Table table, ScheduleStatus schedule) {
    List<RecentRun> recent = schedule.recent();
    table.row(
        schedule.schedule(),
        schedule.paused() ? "paused" : "active",
        schedule.next().isEmpty()
            ? ""
            : schedule.next().get(0).truncatedTo(ChronoUnit.SECONDS).toString(),
        recent.isEmpty() ? "" : recent.get(0).nominal().truncatedTo(ChronoUnit.SECONDS).toString(),
        recent.isEmpty() ? "" : RunStates.word(recent.get(0).status()),
        Long.toString(schedule.runs()),
        Long.toString(schedule.lost().skipped()),
        Long.toString(schedule.lost().missed()),
        Long.toString(schedule.lost().dropped()),
        schedule.note());
  }
}
