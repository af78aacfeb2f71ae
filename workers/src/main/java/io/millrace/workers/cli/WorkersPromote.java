package io.millrace.workers.cli;

import io.millrace.engine.deployment.Deployment;
import io.millrace.engine.deployment.Deployment.Version;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Lets a version take new runs. */
@Command(
    name = "promote",
    mixinStandardHelpOptions = true,
    header = "Let a version of the workers take all new runs, or a share of them.",
    description = {
      "",
      "Runs in flight end on the version that they began with. If its workers are gone for good,"
          + " --take-over gives them to the promoted one, whose code must be able to replay them."
    },
    footer = {"", "Exit codes: 0 promoted, 2 no worker of that version ever came."})
final class WorkersPromote implements Callable<Integer> {
  private final Console console;

  @Parameters(paramLabel = "VERSION", description = "The build id; see `millrace workers status`.")
  private String version = "";

  @Option(
      names = "--percent",
      paramLabel = "N",
      description = "Only this share of the new runs, 0 to 100; 0 takes it back.")
  private @Nullable Integer percent;

  @Option(
      names = "--take-over",
      paramLabel = "VERSION",
      description = "Also the open runs of this version.")
  private @Nullable String from;

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  WorkersPromote(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    if (percent != null && from != null) {
      throw CommandFailure.usage("--take-over goes with all new runs, not with --percent");
    }
    try (TemporalConnection temporal = TemporalConnection.open(console)) {
      Deployment deployment = temporal.deployment();
      if (percent == null) {
        deployment.promote(version);
      } else {
        deployment.ramp(version, percent);
      }
      int taken = from == null ? 0 : deployment.takeOver(from, version);
      print(deployment, taken);
      return ExitCode.OK;
    } catch (IllegalArgumentException e) {
      throw CommandFailure.usage(String.valueOf(e.getMessage()));
    }
  }

  private void print(Deployment deployment, int taken) {
    Version now =
        deployment.versions().stream()
            .filter(known -> known.buildId().equals(version))
            .findFirst()
            .orElseThrow();
    if (json) {
      Map<String, Object> promoted = new LinkedHashMap<>();
      promoted.put("version", version);
      promoted.put("state", now.state());
      promoted.put("share", now.share());
      promoted.put("runs_taken_over", taken);
      Json.print(console, promoted);
      return;
    }
    console
        .out()
        .println(
            "version %s takes %d%% of the new runs%s"
                .formatted(
                    version,
                    Math.round(now.share()),
                    from == null ? "" : ", and has taken over " + taken + " of " + from));
  }
}
