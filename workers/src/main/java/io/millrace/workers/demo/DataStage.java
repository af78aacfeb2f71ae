package io.millrace.workers.demo;

import io.millrace.engine.DagRuns;
import io.millrace.engine.RunReport;
import io.millrace.workers.cli.Console;
import io.millrace.workers.cli.Millrace;
import io.millrace.workers.cli.RunWatch;
import io.millrace.workers.cli.TemporalConnection;
import io.millrace.workers.config.TemporalConfig;
import io.millrace.workers.worker.Pipeline;
import java.time.Duration;
import java.util.Locale;
import java.util.function.Consumer;

/** Runs data_pipeline: the lake's new objects to bronze, silver and gold. */
final class DataStage implements Stage {
  private final Console console;
  private final TemporalConfig temporal;

  DataStage(Console console, TemporalConfig temporal) {
    this.console = console;
    this.temporal = temporal;
  }

  @Override
  public String name() {
    return Pipeline.DATA;
  }

  @Override
  public Duration limit() {
    return Duration.ofMinutes(30);
  }

  @Override
  public String lookAt() {
    return "the run in the Temporal Web UI, millrace logs worker";
  }

  @Override
  public String run(DemoRun run, Consumer<String> progress) {
    try (TemporalConnection connection =
        TemporalConnection.open(temporal, Millrace.settings(console))) {
      DagRuns runs = connection.runs();
      String id = runs.trigger(Pipeline.DATA, null);
      run.dataRunUrl = connection.runUrl(id);
      RunReport report =
          new RunWatch(console, runs)
              .await(id, limit(), seen -> progress.accept(RunProgress.of(seen)));
      if (report.state() != RunReport.RunState.SUCCESS) {
        throw new IllegalStateException(
            "run " + id + " failed: " + RunProgress.failures(report) + " (" + run.dataRunUrl + ")");
      }
    }
    Tables before = DemoRun.found(run.tablesBefore);
    Tables after = run.countTables();
    run.tablesAfter = after;
    return String.format(
        Locale.ROOT,
        "%,d bronze, %,d silver, %,d fact rows; %,d quarantined",
        after.bronze() - before.bronze(),
        after.silver() - before.silver(),
        after.facts() - before.facts(),
        after.quarantined() - before.quarantined());
  }
}
