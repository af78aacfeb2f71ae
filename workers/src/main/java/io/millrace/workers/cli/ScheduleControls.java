package io.millrace.workers.cli;

import io.millrace.engine.schedule.CatchUp;
import io.millrace.engine.schedule.ScheduleStatus;
import io.millrace.engine.schedule.Schedules;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What an operator does with one schedule. */
final class ScheduleControls {

  private static final String NOT_APPLIED =
      "the schedule of DAG '%1$s' is not on the server, so nothing starts the DAG by itself and"
          + " there is nothing to pause; `millrace schedules apply` puts the schedules there,"
          + " `millrace dags trigger %1$s` starts a run now";

  private ScheduleControls() {}

  /** A command on one schedule. */
  abstract static class Control implements Callable<Integer> {
    final Console console;

    @Parameters(paramLabel = "NAME", description = "The schedule; see `millrace schedules list`.")
    String name = "";

    Control(Console console) {
      this.console = console;
    }

    Integer on(Consumer<Schedules> action, String done) {
      return on(
          schedules -> {
            action.accept(schedules);
            return done;
          });
    }

    Integer on(Function<Schedules, String> action) {
      try (TemporalConnection temporal = TemporalConnection.open(console)) {
        return on(temporal.schedules(), action);
      }
    }

    private Integer on(Schedules schedules, Function<Schedules, String> action) {
      try {
        console.out().println(action.apply(schedules));
        return ExitCode.OK;
      } catch (NoSuchElementException e) {
        throw unknown(schedules.list().stream().map(ScheduleStatus::schedule).toList());
      } catch (IllegalStateException e) {
        throw CommandFailure.failed(String.valueOf(e.getMessage()));
      }
    }

    /** A schedule that is declared and not on the server is another matter than a wrong name. */
    private CommandFailure unknown(List<String> known) {
      if (Names.dags().contains(name)) {
        return CommandFailure.usage(NOT_APPLIED.formatted(name));
      }
      return Names.unknown(
          "schedule",
          name,
          Stream.concat(known.stream(), Names.dags().stream()).distinct().toList());
    }
  }

  /** Pauses. */
  @Command(
      name = "pause",
      mixinStandardHelpOptions = true,
      header = "Let a schedule start no more runs; active runs go on.")
  static final class Pause extends Control {
    @Option(
        names = "--reason",
        paramLabel = "TEXT",
        required = true,
        description = "Why; shown in the list and in the Web UI.")
    private String reason = "";

    Pause(Console console) {
      super(console);
    }

    @Override
    public Integer call() {
      return on(schedules -> schedules.pause(name, reason), "paused " + name);
    }
  }

  /** Resumes. */
  @Command(
      name = "unpause",
      mixinStandardHelpOptions = true,
      header = "Let a schedule start runs again, and runs that it missed while it was paused.",
      description = {
        "",
        "As after an outage: a schedule that catches up runs all that it missed, another the last."
            + " Temporal's own UI and CLI run none of them. Says how many were missed, and the"
            + " command that runs the others."
      })
  static final class Unpause extends Control {
    @Option(
        names = "--reason",
        paramLabel = "TEXT",
        defaultValue = "unpaused by hand",
        description = "Why; shown in the list and in the Web UI.")
    private String reason = "unpaused by hand";

    @ArgGroup private Missed missed = new Missed();

    /** Which missed runs start; the schedule's declaration decides if none is given. */
    static final class Missed {
      @Option(names = "--catchup", description = "Run all that it missed.")
      private boolean all;

      @Option(names = "--no-catchup", description = "Run only the last that it missed.")
      private boolean last;

      @Option(names = "--skip-missed", description = "Run none that it missed.")
      private boolean none;

      CatchUp rule() {
        return all ? CatchUp.ALL : last ? CatchUp.LAST : none ? CatchUp.NONE : CatchUp.DECLARED;
      }
    }

    Unpause(Console console) {
      super(console);
    }

    @Override
    public Integer call() {
      return on(schedules -> schedules.unpause(name, reason, missed.rule()).message());
    }
  }

  /** Starts a run. */
  @Command(
      name = "trigger",
      mixinStandardHelpOptions = true,
      header = "Let a schedule start a run now, also while it is paused.",
      description = {"", "Its logical date is now. `millrace dags trigger` takes params too."})
  static final class Trigger extends Control {
    Trigger(Console console) {
      super(console);
    }

    @Override
    public Integer call() {
      return on(schedules -> schedules.trigger(name), "triggered " + name);
    }
  }
}
