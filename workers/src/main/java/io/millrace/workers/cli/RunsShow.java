package io.millrace.workers.cli;

import io.millrace.engine.DagRuns;
import io.millrace.engine.RunReport;
import io.temporal.client.WorkflowFailedException;
import io.temporal.client.WorkflowNotFoundException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeoutException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** One run and its tasks. */
@Command(
    name = "show",
    mixinStandardHelpOptions = true,
    header = "Show the tasks of a run, as they are now.",
    footer = {
      "",
      "+ success, - skipped, x failed, > running, ? waits for a person, . not begun",
      "",
      "Exit codes: 0 it runs or succeeded, 1 it failed, 2 no such run,",
      "3 the server, or a worker that knows the run's DAG, does not answer."
    })
final class RunsShow implements Callable<Integer> {
  private static final Duration LONGEST_WATCH = Duration.ofDays(7);
  private static final Duration MOMENT = Duration.ofSeconds(5);

  private final Console console;

  @Parameters(paramLabel = "RUN", description = "The run's workflow id.")
  private String id = "";

  @Option(names = "--gantt", description = "Draw when each task ran.")
  private boolean gantt;

  @Option(names = "--watch", description = "Show it until it has ended.")
  private boolean watch;

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  RunsShow(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    try (TemporalConnection temporal = TemporalConnection.open(console)) {
      RunReport report = watch ? watch(temporal.runs()) : report(temporal.runs());
      if (json) {
        Json.print(console, report);
      } else {
        lines(report).forEach(console.out()::println);
        console.out().println(temporal.runUrl(id));
      }
      return report.state() == RunReport.RunState.FAILED ? ExitCode.FAILED : ExitCode.OK;
    } catch (WorkflowNotFoundException e) {
      throw RunOperation.noSuchRun(id);
    }
  }

  private RunReport watch(DagRuns runs) {
    LiveLines screen = new LiveLines(console);
    String status = runs.status(id);
    try {
      return status.equals("RUNNING")
          ? new RunWatch(console, runs)
              .await(id, LONGEST_WATCH, report -> screen.draw(lines(report)))
          : report(runs);
    } finally {
      screen.erase();
    }
  }

  /** A run that has ended has its report with it; one that goes on is asked for it. */
  private RunReport report(DagRuns runs) {
    try {
      return runs.status(id).equals("RUNNING") ? describe(runs) : runs.await(id, MOMENT);
    } catch (WorkflowFailedException | TimeoutException e) {
      // Cancelled, or terminated: a worker can still replay it.
      return describe(runs);
    }
  }

  private RunReport describe(DagRuns runs) {
    return WorkerAnswer.of("run '" + id + "'", () -> runs.describe(id));
  }

  private List<String> lines(RunReport report) {
    if (!gantt) {
      return RunTree.lines(report);
    }
    List<String> lines = new ArrayList<>();
    lines.add(RunTree.title(report));
    lines.addAll(Gantt.lines(report, Instant.now(), console.columns()));
    return lines;
  }
}
