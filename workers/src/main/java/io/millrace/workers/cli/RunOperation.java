package io.millrace.workers.cli;

import io.millrace.engine.DagRuns;
import io.temporal.client.WorkflowNotFoundException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What the commands have in common that do something to a run. */
abstract class RunOperation implements Callable<Integer> {
  final Console console;

  @Parameters(index = "0", paramLabel = "RUN", description = "The run's workflow id.")
  String id = "";

  @Option(
      names = "--by",
      paramLabel = "NAME",
      description = "Who does it. Default: you (${user.name}).")
  @Nullable String by;

  @Option(names = "--why", paramLabel = "TEXT", description = "What for; kept in the run.")
  @Nullable String why;

  @Option(names = "--json", description = "Print JSON.")
  boolean json;

  RunOperation(Console console) {
    this.console = console;
  }

  /** Does it, and says in a few words what was done. */
  abstract String apply(DagRuns runs);

  @Override
  public final Integer call() {
    try (TemporalConnection temporal = TemporalConnection.open(console)) {
      String done = refusing(temporal, id, () -> apply(temporal.runs()));
      if (json) {
        Map<String, String> result = new LinkedHashMap<>();
        result.put("run_id", id);
        result.put("done", done);
        result.put("by", user());
        Json.print(console, result);
      } else {
        console.out().println(done);
      }
      return ExitCode.OK;
    }
  }

  /** Who acts. */
  final String user() {
    return user(by);
  }

  static String user(@Nullable String given) {
    return given == null ? System.getProperty("user.name", "somebody") : given;
  }

  /** Turns a refusal into a sentence with its remedy, and exit code 2. */
  static <T> T refusing(TemporalConnection temporal, String id, Callable<T> operation) {
    try {
      return operation.call();
    } catch (DagRuns.Refused e) {
      throw CommandFailure.usage(
          e.hasEnded()
              ? e.getMessage() + "; do its failed tasks again with: millrace runs rerun " + id
              : String.valueOf(e.getMessage()));
    } catch (WorkflowNotFoundException e) {
      throw temporal.noSuchRun(id, e);
    } catch (RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new IllegalStateException("run " + id, e);
    }
  }
}
