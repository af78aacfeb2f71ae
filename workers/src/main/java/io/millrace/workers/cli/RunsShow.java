package io.millrace.workers.cli;

import io.millrace.engine.DagRuns;
import io.millrace.engine.RunReport;
import io.temporal.client.WorkflowNotFoundException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
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
  private static final Duration MAX_WATCH = Duration.ofDays(7);

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
      return show(temporal);
    }
  }

  private int show(TemporalConnection temporal) {
    try {
      RunReport report = watch ? watch(temporal.runs()) : new RunReports(temporal.runs()).of(id);
      if (json) {
        Json.print(console, report);
      } else {
        lines(report).forEach(console.out()::println);
        console.out().println(temporal.runUrl(id));
      }
      return report.state() == RunReport.RunState.FAILED ? ExitCode.FAILED : ExitCode.OK;
    } catch (WorkflowNotFoundException e) {
      throw temporal.noSuchRun(id, e);
    }
  }

  private RunReport watch(DagRuns runs) {
    LiveLines screen = new LiveLines(console);
    String status = runs.status(id);
    try {
      return status.equals("RUNNING")
          ? new RunWatch(console, runs).await(id, MAX_WATCH, report -> screen.draw(lines(report)))
          : new RunReports(runs).of(id);
    } finally {
      screen.erase();
    }
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
