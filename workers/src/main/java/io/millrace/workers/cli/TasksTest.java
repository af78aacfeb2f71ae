package io.millrace.workers.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.engine.DagDescription;
import io.millrace.engine.DagDescription.Kind;
import io.millrace.engine.DagDescription.TaskDescription;
import io.millrace.engine.NodeState;
import io.millrace.engine.RunReport;
import io.millrace.engine.TaskReport;
import io.millrace.engine.testing.DagTest;
import io.millrace.workers.worker.Pipeline;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Does the real work of one task, once, in this process. */
@Command(
    name = "test",
    mixinStandardHelpOptions = true,
    header = "Do the real work of one task, once, in this process; no run is recorded.",
    description = {
      "",
      "As Airflow's `tasks test`: the task works on the connections of the settings, so that data"
          + " change. The tasks above it do not work; what they return is given with --result, or"
          + " with --samples made up (numbers 1, flags true, one record in a list)."
    },
    footer = {
      "",
      "Examples:",
      "  millrace tasks test data_pipeline check_minio_connection",
      "  millrace tasks test data_pipeline list_new_objects --samples",
      "",
      "Exit codes: 0 the task succeeded or was skipped, 1 it failed, 2 wrong usage."
    })
final class TasksTest implements Callable<Integer> {
  private static final Set<Kind> WORK = Set.of(Kind.TASK, Kind.MAPPED, Kind.SENSOR);

  private final Console console;

  @Parameters(index = "0", paramLabel = "DAG", description = "The DAG; see `millrace dags list`.")
  private String name = "";

  @Parameters(
      index = "1",
      paramLabel = "TASK",
      description = "The task; see `millrace tasks list`.")
  private String task = "";

  @Option(names = "--params", paramLabel = "JSON|@FILE", description = "The DAG's params.")
  private @Nullable String params;

  @Option(
      names = "--result",
      paramLabel = "TASK=JSON",
      description = "What a task above it returns; of a mapped task, what each item returns.")
  private Map<String, String> results = new LinkedHashMap<>();

  @Option(names = "--samples", description = "Make up what is not given with --result.")
  private boolean samples;

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  TasksTest(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    Pipeline pipeline = Names.dag(name);
    ObjectNode input = params == null ? null : JsonInput.object(console, "--params", params);
    DagDescription dag = ParamsInput.require(pipeline, input);
    require(dag);
    TaskReport report;
    try (RealWork work = RealWork.connect(console);
        DagTest test = LocalRun.of(console, pipeline, results)) {
      test.real(task, work.activities());
      test.start(input);
      RunReport run = test.awaitEnd(task);
      report = run.task(task);
    } catch (AssertionError e) {
      throw CommandFailure.failed(String.valueOf(e.getMessage()));
    }
    print(report);
    return report.state() == NodeState.SUCCESS || report.state() == NodeState.SKIPPED
        ? ExitCode.OK
        : ExitCode.FAILED;
  }

  private void print(TaskReport report) {
    if (json) {
      Json.print(console, report);
      return;
    }
    console
        .out()
        .println(
            "%s: %s in %s%s"
                .formatted(
                    report.id(),
                    Words.of(report.state()),
                    RunTree.seconds(report.duration()),
                    report.detail().isEmpty() ? "" : ", " + report.detail()));
  }

  private void require(DagDescription dag) {
    List<String> ids = dag.tasks().stream().map(TaskDescription::id).toList();
    TaskDescription tested = find(dag, task, ids);
    results.keySet().forEach(id -> find(dag, id, ids));
    if (!WORK.contains(tested.kind())) {
      throw CommandFailure.usage(
          "task '%s' is a %s: it does no work that could be tested"
              .formatted(task, DagsShow.kind(tested)));
    }
    List<String> missing =
        tested.upstream().stream().filter(above -> !results.containsKey(above)).toList();
    if (!samples && !missing.isEmpty()) {
      throw CommandFailure.usage(
          "task '%s' comes after %s: say what they return with --result TASK=JSON, or let it be made up with --samples"
              .formatted(task, String.join(", ", missing)));
    }
  }

  private static TaskDescription find(DagDescription dag, String id, List<String> ids) {
    return dag.tasks().stream()
        .filter(each -> each.id().equals(id))
        .findFirst()
        .orElseThrow(() -> Names.unknown("task", id, ids));
  }
}
