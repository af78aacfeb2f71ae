package io.millrace.workers.cli;

import io.millrace.engine.schedule.Schedules;
import java.util.NoSuchElementException;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What an operator does with one schedule. */
final class ScheduleControls {

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
      try (TemporalConnection temporal = TemporalConnection.open(console)) {
        action.accept(temporal.schedules());
        console.out().println(done);
        return ExitCode.OK;
      } catch (NoSuchElementException e) {
        throw CommandFailure.usage(String.valueOf(e.getMessage()));
      }
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
      header = "Let a schedule start runs again.",
      description = {"", "Dates that passed meanwhile are not run; see `millrace backfill`."})
  static final class Unpause extends Control {
    @Option(
        names = "--reason",
        paramLabel = "TEXT",
        defaultValue = "unpaused by hand",
        description = "Why; shown in the list and in the Web UI.")
    private String reason = "unpaused by hand";

    Unpause(Console console) {
      super(console);
    }

    @Override
    public Integer call() {
      return on(schedules -> schedules.unpause(name, reason), "unpaused " + name);
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
