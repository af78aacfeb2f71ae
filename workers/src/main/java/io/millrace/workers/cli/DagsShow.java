package io.millrace.workers.cli;

import io.millrace.engine.DagDescription;
import io.millrace.engine.DagDescription.TaskDescription;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** A DAG as it is written; needs no server. */
@Command(
    name = "show",
    mixinStandardHelpOptions = true,
    header = "Show a DAG's tasks, its graph or its params; needs no server.",
    footer = {
      "",
      "Examples:",
      "  millrace dags show data_pipeline",
      "  millrace dags show data_pipeline --mermaid",
      "  millrace dags show training_pipeline --json-schema"
    })
final class DagsShow implements Callable<Integer> {
  private final Console console;

  @Parameters(paramLabel = "NAME", description = "The DAG; see `millrace dags list`.")
  private String name = "";

  @ArgGroup private @Nullable Form form;

  private static final class Form {
    @Option(names = "--mermaid", description = "The graph as a Mermaid flow chart.")
    private boolean mermaid;

    @Option(names = "--json-schema", description = "The JSON Schema of what a run is started with.")
    private boolean jsonSchema;

    @Option(names = "--json", description = "Print JSON.")
    private boolean json;
  }

  DagsShow(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    DagDescription dag = DagDescription.of(Names.dag(name).implementation());
    if (form == null) {
      table(dag);
    } else if (form.mermaid) {
      console.out().println(Mermaid.flowchart(dag));
    } else if (form.jsonSchema) {
      Json.print(console, ParamsSchema.of(dag));
    } else if (form.json) {
      Json.print(console, dag);
    }
    return ExitCode.OK;
  }

  private void table(DagDescription dag) {
    console.out().println(dag.name());
    Table table = new Table("task", "kind", "after", "policy");
    for (TaskDescription task : dag.tasks()) {
      table.row(task.id(), kind(task), String.join(", ", task.upstream()), task.policy());
    }
    table.print(console.out());
  }

  static String kind(TaskDescription task) {
    String kind = task.kind().name().toLowerCase(Locale.ROOT).replace('_', ' ');
    return task.setups().isEmpty() ? kind : kind + " (teardown)";
  }
}
