package io.millrace.workers.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.workers.worker.Pipeline;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Starts a run of a DAG, and may wait for its end. */
@Command(
    name = "trigger",
    mixinStandardHelpOptions = true,
    header = "Start a run of a DAG now.",
    description = {
      "",
      "The same as the Web UI's start form and as",
      "  temporal workflow start --type NAME --task-queue millrace"
    },
    footer = {
      "",
      "Examples:",
      "  millrace dags trigger data_pipeline --wait",
      "  millrace dags trigger training_pipeline --params '{\"trials\": 24}'",
      "",
      "Exit codes: 0 started (with --wait: and ended well), 1 the run failed,",
      "2 wrong usage or wrong params, 3 the server does not answer."
    })
final class TriggerCommand implements Callable<Integer> {
  private final Console console;

  @Parameters(paramLabel = "NAME", description = "The DAG; see `millrace dags list`.")
  private String name = "";

  @Option(
      names = "--params",
      paramLabel = "JSON|@FILE",
      description = "Its params; every field has a default.")
  private @Nullable String params;

  @Mixin private final TriggeredRun triggered = new TriggeredRun();

  TriggerCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    Pipeline pipeline = Names.dag(name);
    ObjectNode input = params == null ? null : JsonInput.object(console, "--params", params);
    ParamsInput.require(pipeline, input);
    try (TemporalConnection temporal = TemporalConnection.open(console)) {
      return triggered.follow(console, temporal, temporal.runs().trigger(name, input), Map.of());
    }
  }
}
