package io.millrace.workers.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import io.millrace.engine.DagRunOps.Clear;
import io.millrace.engine.DagRunOps.ExternalEvent;
import io.millrace.engine.DagRunOps.GateAnswer;
import io.millrace.engine.DagRunOps.Hold;
import io.millrace.engine.DagRunOps.Mark;
import io.millrace.engine.DagRuns;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The updates and signals that a run takes, each as a command. */
final class RunOperations {

  private RunOperations() {}

  /** Answers a gate. */
  @Command(
      name = "answer",
      mixinStandardHelpOptions = true,
      header = "Answer a gate, where a run waits for a person.")
  static final class AnswerGate extends RunOperation {
    @Parameters(index = "1", paramLabel = "GATE", description = "The gate's task id.")
    private String gate = "";

    @Parameters(index = "2", paramLabel = "OPTION", description = "One of the gate's options.")
    private String option = "";

    AnswerGate(Console console) {
      super(console);
    }

    @Override
    String apply(DagRuns runs) {
      return runs.answer(id, new GateAnswer(gate, option, user()));
    }
  }

  /** Does tasks again. */
  @Command(
      name = "clear",
      mixinStandardHelpOptions = true,
      header = "Do tasks of an open run again, and all below them.",
      description = {"", "Without a task: every failed one. A run that has ended: see `rerun`."})
  static final class ClearTasks extends RunOperation {
    @Parameters(index = "1..*", arity = "0..*", paramLabel = "TASK", description = "Task ids.")
    private List<String> tasks = new ArrayList<>();

    @Option(names = "--upstream", description = "Also all above them.")
    private boolean upstream;

    @Option(names = "--no-downstream", description = "Not what is below them and has run.")
    private boolean notDownstream;

    @Option(names = "--only-failed", description = "Of all these only what failed.")
    private boolean onlyFailed;

    @Option(
        names = "--args",
        paramLabel = "JSON|@FILE",
        description = "A list: what a single task takes from now on instead of its arguments.")
    private @Nullable String args;

    ClearTasks(Console console) {
      super(console);
    }

    @Override
    String apply(DagRuns runs) {
      List<JsonNode> given = args == null ? null : JsonInput.list(console, "--args", args);
      List<String> cleared =
          runs.clear(
              id, new Clear(tasks, upstream, !notDownstream, onlyFailed, given, user(), why));
      return "cleared " + String.join(", ", cleared);
    }
  }

  /** Sets a task's state by hand. */
  @Command(
      name = "mark",
      mixinStandardHelpOptions = true,
      header = "Set a task's state by hand: success, failed or skipped.")
  static final class MarkTask extends RunOperation {
    /** What a task can be marked. */
    enum State {
      SUCCESS,
      FAILED,
      SKIPPED
    }

    @Parameters(index = "1", paramLabel = "TASK", description = "The task's id.")
    private String task = "";

    @Parameters(index = "2", paramLabel = "STATE", description = "${COMPLETION-CANDIDATES}")
    private State state = State.SUCCESS;

    @Option(
        names = "--result",
        paramLabel = "JSON|@FILE",
        description = "Of a success, for the tasks below it.")
    private @Nullable String result;

    MarkTask(Console console) {
      super(console);
    }

    @Override
    String apply(DagRuns runs) {
      JsonNode given = result == null ? null : JsonInput.any(console, "--result", result);
      return runs.mark(
          id, new Mark(task, state.name().toLowerCase(Locale.ROOT), given, user(), why));
    }
  }

  /** Holds a run. */
  @Command(
      name = "hold",
      mixinStandardHelpOptions = true,
      header = "Start no further task of a run, or not the one that is named.")
  static final class HoldRun extends RunOperation {
    @Parameters(index = "1", arity = "0..1", paramLabel = "TASK", description = "Hold before it.")
    private @Nullable String task;

    HoldRun(Console console) {
      super(console);
    }

    @Override
    String apply(DagRuns runs) {
      return runs.hold(id, new Hold(task, user(), why));
    }
  }

  /** Lets a held run go on. */
  @Command(
      name = "release",
      mixinStandardHelpOptions = true,
      header = "Let a held run go on; one held for its failures ends with them.")
  static final class ReleaseRun extends RunOperation {
    @Parameters(index = "1", arity = "0..1", paramLabel = "TASK", description = "The breakpoint.")
    private @Nullable String task;

    ReleaseRun(Console console) {
      super(console);
    }

    @Override
    String apply(DagRuns runs) {
      return runs.release(id, new Hold(task, user(), why));
    }
  }

  /** Brings an event. */
  @Command(
      name = "event",
      mixinStandardHelpOptions = true,
      header = "Bring the event that a task of a run waits for, now or later.")
  static final class SendEvent extends RunOperation {
    @Parameters(index = "1", paramLabel = "NAME", description = "The id of the task that waits.")
    private String name = "";

    @Option(names = "--payload", paramLabel = "JSON|@FILE", description = "What it brings.")
    private @Nullable String payload;

    SendEvent(Console console) {
      super(console);
    }

    @Override
    String apply(DagRuns runs) {
      JsonNode given =
          payload == null ? NullNode.instance : JsonInput.any(console, "--payload", payload);
      runs.event(id, new ExternalEvent(name, given));
      return "sent event " + name;
    }
  }

  /** Cancels a run. */
  @Command(
      name = "cancel",
      mixinStandardHelpOptions = true,
      header = "Cancel a run: running tasks are asked to stop, teardowns still run.")
  static final class CancelRun extends RunOperation {

    CancelRun(Console console) {
      super(console);
    }

    @Override
    String apply(DagRuns runs) {
      runs.cancel(id);
      return "asked run " + id + " to stop";
    }
  }
}
