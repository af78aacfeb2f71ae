package io.millrace.workers.cli;

import io.millrace.activities.PipelineException;
import io.millrace.activities.jobs.FlinkApi;
import io.millrace.activities.jobs.JobFigures;
import io.millrace.workers.config.FlinkConfig;
import io.millrace.workflows.PipelineFailure;
import io.millrace.workflows.jobs.DeployParams;
import io.millrace.workflows.jobs.JobBuild;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The streaming jobs on the cluster. */
@Command(
    name = "flink",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    header = "Look at the streaming jobs.",
    footer = {
      "",
      "Examples:",
      "  millrace flink jobs                             how each is",
      "  millrace dags trigger flink_deploy --wait       replace them by this build",
      "  millrace dags trigger flink_savepoint --wait    a savepoint of each",
      "",
      "Exit codes: 0 every job runs, 1 one does not, 2 wrong usage, 3 Flink does not answer."
    })
final class FlinkCommand implements Runnable {
  private final Console console;

  private FlinkCommand(Console console) {
    this.console = console;
  }

  static CommandLine commandLine(Console console) {
    return new CommandLine(new FlinkCommand(console)).addSubcommand(new JobsList(console));
  }

  @Override
  public void run() {
    commandLine(console).usage(console.out());
  }

  /** A job as it is printed; without one of its name, all but the name is empty. */
  record Row(
      String job,
      String state,
      @Nullable String id,
      @Nullable String build,
      int parallelism,
      long uptimeSeconds,
      int restarts,
      int checkpoints,
      long lastCheckpointMillis,
      int backPressurePercent,
      long lag) {}

  /** Shows each job. */
  @Command(
      name = "jobs",
      mixinStandardHelpOptions = true,
      header = "Show state, uptime, restarts, checkpoints, back-pressure and lag of each job.",
      description = {
        "",
        "Lag is what a job has not read of its topics; back-pressure is that of the operator which"
            + " waits most. Flink's figures are some seconds old."
      })
  static final class JobsList implements Callable<Integer> {
    private final Console console;

    @Option(names = "--json", description = "Print JSON.")
    private boolean json;

    JobsList(Console console) {
      this.console = console;
    }

    @Override
    public Integer call() {
      FlinkApi flink = flink(FlinkConfig.from(Millrace.settings(console)));
      List<Row> rows = new ArrayList<>();
      try {
        DeployParams.JOBS.forEach(job -> rows.add(row(flink, job)));
      } catch (PipelineException e) {
        String message = String.valueOf(e.getMessage());
        throw e.failure() == PipelineFailure.UNAVAILABLE
            ? CommandFailure.unreachable(message, e)
            : CommandFailure.failed(message, e);
      }
      if (json) {
        Json.print(console, rows);
      } else {
        print(rows);
      }
      boolean all = rows.stream().allMatch(row -> row.state().equals("RUNNING"));
      return all ? ExitCode.OK : ExitCode.FAILED;
    }

    private static FlinkApi flink(FlinkConfig config) {
      return new FlinkApi(config.restUrl(), config.restToken().value());
    }

    private static Row row(FlinkApi flink, String name) {
      Optional<FlinkApi.Job> job = flink.running(name);
      if (job.isEmpty()) {
        return new Row(name, "none runs", null, null, 0, 0, 0, 0, -1, 0, -1);
      }
      String id = job.get().id();
      JobFigures figures = flink.figures(id);
      Optional<FlinkApi.Setup> setup = flink.setup(id);
      Optional<FlinkApi.Checkpoints> checkpoints = flink.checkpoints(id);
      return new Row(
          name,
          job.get().state(),
          id,
          setup.map(FlinkApi.Setup::build).orElse(null),
          setup.map(FlinkApi.Setup::parallelism).orElse(0),
          Duration.ofMillis(figures.uptimeMillis()).toSeconds(),
          figures.restarts(),
          checkpoints.map(FlinkApi.Checkpoints::completed).orElse(0),
          checkpoints.map(FlinkApi.Checkpoints::lastMillis).orElse(-1L),
          figures.backPressurePercent(),
          figures.lag());
    }

    private void print(List<Row> rows) {
      Table table =
          new Table(
              "job",
              "state",
              "up",
              "restarts",
              "checkpoints",
              "last took",
              "back-pressure",
              "lag",
              "parallelism",
              "build");
      for (Row row : rows) {
        boolean none = row.id() == null;
        table.row(
            row.job(),
            row.state(),
            none ? "" : row.uptimeSeconds() + " s",
            none ? "" : count(row.restarts()),
            none ? "" : count(row.checkpoints()),
            row.lastCheckpointMillis() < 0 ? "" : count(row.lastCheckpointMillis()) + " ms",
            none ? "" : row.backPressurePercent() + "%",
            row.lag() < 0 ? "" : count(row.lag()),
            none ? "" : count(row.parallelism()),
            row.build() == null ? "" : JobBuild.brief(row.build()));
      }
      table.print(console.out());
    }

    private static String count(long number) {
      return String.format(Locale.ROOT, "%,d", number);
    }
  }
}
