package io.millrace.workers.cli;

import io.millrace.engine.DagRuns;
import io.millrace.engine.RunReport;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.Option;

/** What a command does with a run that it has started: say so, or wait for its end. */
final class TriggeredRun {
  private static final Duration MAX_WAIT = Duration.ofDays(7);

  @Option(names = "--wait", description = "Wait for the end, show the tasks.")
  private boolean wait;

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  @Option(
      names = {"-q", "--quiet"},
      description = "Print the run's id alone, for a script.")
  private boolean quiet;

  /**
   * Prints the run, as it started or as it ended.
   *
   * @param more what else the JSON says about a run that is not waited for
   * @return the exit code
   */
  int follow(Console console, TemporalConnection temporal, String runId, Map<String, String> more) {
    String url = temporal.runUrl(runId);
    if (!wait) {
      printStarted(console, runId, url, more);
      return ExitCode.OK;
    }
    DagRuns runs = temporal.runs();
    RunReport report = new RunWatch(console, runs).await(runId, MAX_WAIT);
    if (quiet) {
      console.out().println(runId);
    } else if (json) {
      Json.print(console, report);
    } else {
      RunTree.lines(report).forEach(console.out()::println);
      console.out().println(url);
    }
    return report.state() == RunReport.RunState.SUCCESS ? ExitCode.OK : ExitCode.FAILED;
  }

  private void printStarted(Console console, String runId, String url, Map<String, String> more) {
    if (quiet) {
      console.out().println(runId);
      return;
    }
    if (json) {
      Map<String, String> started = new LinkedHashMap<>();
      started.put("run_id", runId);
      started.putAll(more);
      started.put("url", url);
      Json.print(console, started);
      return;
    }
    console.out().println("started " + runId);
    console.out().println(url);
  }
}
