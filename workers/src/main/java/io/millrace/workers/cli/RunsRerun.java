package io.millrace.workers.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.engine.DagRuns;
import io.millrace.engine.TaskReport;
import io.temporal.client.WorkflowFailedException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Starts a run that takes over what an ended one has done. */
@Command(
    name = "rerun",
    mixinStandardHelpOptions = true,
    header = "Do what failed in a run that has ended again, in a new run.",
    description = {
      "",
      "The new run has the same DAG, params and data interval. It takes over the results of the"
          + " former one but for those of failed tasks, of those that --clear names, and of all"
          + " below them; also if the code has changed since."
    },
    footer = {
      "",
      "Exit codes: 0 started (with --wait: and ended well), 1 the run failed,",
      "2 wrong usage, or the run goes on, 3 the server does not answer."
    })
final class RunsRerun implements Callable<Integer> {
  private static final Duration MOMENT = Duration.ofSeconds(5);

  private final Console console;

  @Parameters(paramLabel = "RUN", description = "The workflow id of the run that has ended.")
  private String id = "";

  @Option(
      names = "--clear",
      paramLabel = "TASK",
      arity = "1..*",
      description = "Tasks to do again besides the failed ones.")
  private List<String> clear = new ArrayList<>();

  @Option(
      names = "--params",
      paramLabel = "JSON|@FILE",
      description = "Params of the new run. Default: those of the former.")
  private @Nullable String params;

  @Option(names = "--by", paramLabel = "NAME", description = "Who does it. Default: you.")
  private @Nullable String by;

  @Option(names = "--why", paramLabel = "TEXT", description = "What for; kept in the run.")
  private @Nullable String why;

  @Mixin private final TriggeredRun triggered = new TriggeredRun();

  RunsRerun(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    ObjectNode given = params == null ? null : JsonInput.object(console, "--params", params);
    try (TemporalConnection temporal = TemporalConnection.open(console)) {
      DagRuns runs = temporal.runs();
      RunOperation.refusing(temporal, id, () -> known(runs));
      String again =
          RunOperation.refusing(
              temporal, id, () -> runs.rerun(id, given, clear, RunOperation.user(by), why));
      return triggered.follow(console, temporal, again, Map.of("rerun_of", id));
    }
  }

  /** A wrong name is told before a run is started that would fail by it. */
  private boolean known(DagRuns runs) {
    if (clear.isEmpty() || runs.status(id).equals("RUNNING")) {
      return true;
    }
    try {
      List<String> tasks = runs.await(id, MOMENT).tasks().stream().map(TaskReport::id).toList();
      for (String task : clear) {
        if (!tasks.contains(task)) {
          throw Names.unknown("task", task, tasks);
        }
      }
    } catch (WorkflowFailedException | TimeoutException e) {
      return false;
    }
    return true;
  }
}
