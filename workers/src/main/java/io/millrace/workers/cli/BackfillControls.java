package io.millrace.workers.cli;

import io.millrace.engine.backfill.Backfills;
import io.temporal.client.WorkflowNotFoundException;
import io.temporal.client.WorkflowUpdateException;
import io.temporal.failure.ApplicationFailure;
import java.util.concurrent.Callable;
import java.util.function.Function;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What an operator does with a backfill that runs. */
final class BackfillControls {

  private BackfillControls() {}

  /** A command on one backfill. */
  abstract static class Control implements Callable<Integer> {
    final Console console;

    @Parameters(paramLabel = "ID", description = "The backfill's workflow id.")
    String id = "";

    Control(Console console) {
      this.console = console;
    }

    Integer on(Function<Backfills, String> action) {
      try (TemporalConnection temporal = TemporalConnection.open(console)) {
        return on(temporal, action);
      }
    }

    private Integer on(TemporalConnection temporal, Function<Backfills, String> action) {
      try {
        console.out().println(action.apply(temporal.backfills()));
        return ExitCode.OK;
      } catch (WorkflowNotFoundException e) {
        throw BackfillShow.noSuch(temporal, id, e);
      } catch (WorkflowUpdateException e) {
        throw CommandFailure.failed(
            e.getCause() == null ? String.valueOf(e.getMessage()) : reason(e.getCause()), e);
      }
    }

    private static String reason(Throwable refused) {
      return refused instanceof ApplicationFailure failure
          ? failure.getOriginalMessage()
          : String.valueOf(refused.getMessage());
    }

    String by() {
      return console.environment().getOrDefault("USER", "");
    }
  }

  /** Pauses. */
  @Command(
      name = "pause",
      mixinStandardHelpOptions = true,
      header = "Start no more runs of a backfill; active runs go on.")
  static final class Pause extends Control {
    @Option(names = "--reason", paramLabel = "TEXT", defaultValue = "", description = "Why.")
    private String reason = "";

    Pause(Console console) {
      super(console);
    }

    @Override
    public Integer call() {
      return on(backfills -> backfills.pause(id, reason, by()));
    }
  }

  /** Resumes. */
  @Command(
      name = "resume",
      mixinStandardHelpOptions = true,
      header = "Let a paused backfill go on.")
  static final class Resume extends Control {
    Resume(Console console) {
      super(console);
    }

    @Override
    public Integer call() {
      return on(backfills -> backfills.resume(id));
    }
  }

  /** Cancels. */
  @Command(
      name = "cancel",
      mixinStandardHelpOptions = true,
      header = "End a backfill: start no more runs, cancel those that are active.")
  static final class Cancel extends Control {
    @Option(names = "--keep-active", description = "Let active runs end in peace.")
    private boolean keepActive;

    @Option(names = "--reason", paramLabel = "TEXT", defaultValue = "", description = "Why.")
    private String reason = "";

    Cancel(Console console) {
      super(console);
    }

    @Override
    public Integer call() {
      return on(backfills -> backfills.cancel(id, keepActive, reason, by()));
    }
  }

  /** Changes the limit. */
  @Command(
      name = "set-max-active",
      mixinStandardHelpOptions = true,
      header = "Change how many runs of a backfill are active at the same time.")
  static final class SetMaxActive extends Control {
    @Parameters(index = "1", paramLabel = "N", description = "1 to 500.")
    private int most;

    SetMaxActive(Console console) {
      super(console);
    }

    @Override
    public Integer call() {
      return on(backfills -> backfills.setMaxActive(id, most));
    }
  }
}
