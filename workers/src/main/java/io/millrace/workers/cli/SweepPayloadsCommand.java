package io.millrace.workers.cli;

import io.millrace.engine.payload.Retention;
import io.millrace.workers.config.Settings;
import io.millrace.workers.config.TemporalConfig;
import io.millrace.workers.payload.PayloadAccess;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Deletes large values and memoised results that are past their retention. */
@Command(
    name = "sweep-payloads",
    mixinStandardHelpOptions = true,
    header = "Delete stored values that are past payloads.retention.",
    description = {
      "",
      "Large values lie in the bucket payloads.bucket and are needed as long as a history refers to"
          + " them. Refuses if the namespace keeps histories for longer. Can be run by any number"
          + " of schedulers, any number of times."
    })
final class SweepPayloadsCommand implements Callable<Integer> {
  private final Console console;

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  SweepPayloadsCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    Settings settings = Millrace.settings(console);
    TemporalConfig temporal = TemporalConfig.from(settings);
    try (TemporalConnection connection = TemporalConnection.open(temporal, settings);
        PayloadAccess payloads = PayloadAccess.of(settings)) {
      Retention.Swept swept =
          payloads.sweep(connection.client().getWorkflowServiceStubs(), temporal.namespace());
      if (json) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("payloads", swept.payloads());
        row.put("memos", swept.memos());
        Json.print(console, row);
      } else {
        console
            .out()
            .printf(
                "deleted %,d values and %,d memoised results%n", swept.payloads(), swept.memos());
      }
      return ExitCode.OK;
    } catch (IllegalArgumentException e) {
      throw CommandFailure.usage(String.valueOf(e.getMessage()));
    }
  }
}
