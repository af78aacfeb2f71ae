package io.millrace.workers.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.engine.DagDescription;
import io.millrace.engine.DagDescription.TaskDescription;
import io.millrace.workers.worker.Pipeline;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The tasks of a DAG; needs no server. */
@Command(
    name = "list",
    mixinStandardHelpOptions = true,
    header = "List the tasks of a DAG; needs no server.",
    footer = {"", "Example:", "  millrace tasks list data_pipeline"})
final class TasksList implements Callable<Integer> {
  private final Console console;

  @Parameters(paramLabel = "DAG", description = "The DAG; see `millrace dags list`.")
  private String name = "";

  @Option(
      names = "--params",
      paramLabel = "JSON|@FILE",
      description = "The params with which the graph is built. Default: the DAG's.")
  private @Nullable String params;

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  TasksList(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    Pipeline pipeline = Names.dag(name);
    ObjectNode input = params == null ? null : JsonInput.object(console, "--params", params);
    DagDescription dag = ParamsInput.require(pipeline, input);
    if (json) {
      Json.print(console, dag.tasks());
      return ExitCode.OK;
    }
    Table table = new Table("task", "kind", "after");
    for (TaskDescription task : dag.tasks()) {
      table.row(task.id(), DagsShow.kind(task), String.join(", ", task.upstream()));
    }
    table.print(console.out());
    return ExitCode.OK;
  }
}
