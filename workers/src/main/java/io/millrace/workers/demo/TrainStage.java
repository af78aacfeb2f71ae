package io.millrace.workers.demo;

import io.millrace.engine.DagRuns;
import io.millrace.engine.NodeState;
import io.millrace.engine.RunReport;
import io.millrace.engine.TaskReport;
import io.millrace.workers.cli.Console;
import io.millrace.workers.cli.Millrace;
import io.millrace.workers.cli.RunWatch;
import io.millrace.workers.cli.TemporalConnection;
import io.millrace.workers.config.TemporalConfig;
import io.millrace.workers.worker.Pipeline;
import io.millrace.workflows.registry.RegisteredVersion;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** Runs training_pipeline: tune, train, evaluate, gate, register. */
final class TrainStage implements Stage {
  private static final String SAVING = "save_results";

  private final Console console;
  private final TemporalConfig temporal;

  TrainStage(Console console, TemporalConfig temporal) {
    this.console = console;
    this.temporal = temporal;
  }

  @Override
  public String name() {
    return Pipeline.TRAINING;
  }

  @Override
  public Duration limit() {
    return Duration.ofMinutes(45);
  }

  @Override
  public String lookAt() {
    return "the run in the Temporal Web UI, MLflow, millrace logs worker";
  }

  @Override
  public String run(DemoRun run, Consumer<String> progress) {
    try (TemporalConnection connection =
        TemporalConnection.open(temporal, Millrace.settings(console))) {
      DagRuns runs = connection.runs();
      String id = runs.trigger(Pipeline.TRAINING, Map.of("gitSha", console.buildId()));
      run.trainingRunUrl = connection.runUrl(id);
      RunReport report =
          new RunWatch(console, runs)
              .await(id, limit(), seen -> progress.accept(RunProgress.of(seen)));
      if (report.state() != RunReport.RunState.SUCCESS) {
        throw new IllegalStateException(
            "run "
                + id
                + " failed: "
                + RunProgress.failures(report)
                + " ("
                + run.trainingRunUrl
                + ")");
      }
      Optional<RegisteredVersion> saved =
          ActivityResults.find(connection.client(), id, SAVING, RegisteredVersion.class);
      run.registered = saved.orElse(null);
      return saved.map(TrainStage::words).orElseGet(() -> skipped(run, report));
    }
  }

  private static String words(RegisteredVersion version) {
    return String.format(
        Locale.ROOT,
        "%s; AUC %.4f (baseline %.4f), logloss %.4f",
        version.summary(),
        version.auc(),
        version.baselineAuc(),
        version.logloss());
  }

  private static String skipped(DemoRun run, RunReport report) {
    String reason =
        report.tasks().stream()
            .filter(task -> task.state() == NodeState.SKIPPED)
            .map(TaskReport::detail)
            .findFirst()
            .orElse("no version was registered");
    run.trainingSkipped = reason;
    return "skipped: " + reason;
  }
}
