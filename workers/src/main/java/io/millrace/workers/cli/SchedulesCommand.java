package io.millrace.workers.cli;

import io.millrace.engine.schedule.DagSchedule;
import io.millrace.engine.schedule.PlannedChange;
import io.millrace.workers.worker.Pipeline;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Schedules: making the server's those that the DAGs declare, and an operator's hand on them. */
@Command(
    name = "schedules",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    header = "Apply, list, pause and trigger the DAGs' schedules.")
final class SchedulesCommand implements Runnable {
  private final Console console;

  private SchedulesCommand(Console console) {
    this.console = console;
  }

  static CommandLine commandLine(Console console) {
    return new CommandLine(new SchedulesCommand(console))
        .addSubcommand(new Apply(console))
        .addSubcommand(new ScheduleList(console))
        .addSubcommand(new ScheduleControls.Pause(console))
        .addSubcommand(new ScheduleControls.Unpause(console))
        .addSubcommand(new ScheduleControls.Trigger(console));
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
        "Touches only schedules of its own project and keeps a pause. Applying twice changes"
            + " nothing. A schedule that is no longer declared is paused; --prune deletes it."
            + " Warns of crons that a change of the clock meets within a year."
      })
  static final class Apply implements Callable<Integer> {
    private final Console console;

    @Option(names = "--dry-run", description = "Only say what would be done.")
    private boolean dryRun;

    @Option(
        names = "--prune",
        description = "Delete schedules that are no longer declared, instead of pausing them.")
    private boolean prune;

    @Option(names = "--json", description = "Print JSON.")
    private boolean json;

    Apply(Console console) {
      this.console = console;
    }

    @Override
    public Integer call() {
      List<DagSchedule> declared = Pipeline.ALL.stream().map(Pipeline::schedule).toList();
      warn(declared);
      try (TemporalConnection temporal = TemporalConnection.open(console)) {
        List<PlannedChange> changes =
            dryRun
                ? temporal.reconciler().plan(declared, prune)
                : temporal.reconciler().apply(declared, prune);
        if (!dryRun) {
          temporal.watchSchedules();
          temporal.declareRunSlots(declared);
        }
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

    private void warn(List<DagSchedule> declared) {
      for (DagSchedule schedule : declared) {
        for (String warning : schedule.timetable().clockChangeWarnings(Instant.now())) {
          console.err().println("warning: schedule " + schedule.dag() + ": " + warning);
        }
      }
    }
  }
}
