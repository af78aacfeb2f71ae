package io.millrace.workers.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.engine.DagDescription;
import io.millrace.engine.DagDescription.TaskDescription;
import io.millrace.engine.RunOptions;
import io.millrace.engine.asset.AssetCondition;
import io.millrace.workers.worker.Pipeline;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Writes the page of all DAGs. */
@Command(
    name = "docs",
    mixinStandardHelpOptions = true,
    header = "Write docs/dags.md: every DAG's graph, tasks and params.")
final class DagsDocs implements Callable<Integer> {
  private final Console console;

  @Option(names = "--file", paramLabel = "FILE", description = "Where to. Default: docs/dags.md.")
  private @Nullable Path file;

  DagsDocs(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws IOException {
    Path target =
        file == null
            ? console.home().resolve("docs/dags.md")
            : console.workingDirectory().resolve(file);
    Path folder = target.toAbsolutePath().getParent();
    if (folder != null) {
      Files.createDirectories(folder);
    }
    Files.writeString(target, page());
    console.out().println("wrote " + target);
    return ExitCode.OK;
  }

  /** The page; depends on nothing but the code. */
  static String page() {
    StringBuilder page = new StringBuilder();
    page.append(
        """
        # The DAGs

        Written by `millrace dags docs` from the code; a test fails when it is stale. Shapes: a box is a task, a box with
        double sides is mapped over a list, a stadium is a sensor, a flag an event, a hexagon a gate, a rhombus a branch.
        """);
    for (Pipeline pipeline : Pipeline.ALL) {
      append(page, pipeline);
    }
    return page.toString();
  }

  private static void append(StringBuilder page, Pipeline pipeline) {
    DagDescription dag = DagDescription.of(pipeline.implementation());
    page.append("\n## ").append(dag.name()).append("\n\n");
    page.append(pipeline.summary()).append("; schedule `");
    page.append(pipeline.schedule().cron()).append('`');
    AssetCondition assets = pipeline.assets();
    if (assets != null) {
      page.append(" and when these assets change: `");
      page.append(String.join("`, `", assets.assets())).append('`');
    }
    page.append("\n\n```mermaid\n");
    page.append(Mermaid.flowchart(dag)).append("\n```\n\n");
    page.append("| task | kind | policy |\n|---|---|---|\n");
    for (TaskDescription task : dag.tasks()) {
      page.append("| `%s` | %s | %s |\n".formatted(task.id(), DagsShow.kind(task), task.policy()));
    }
    page.append("\n| param | type | default |\n|---|---|---|\n");
    for (Map.Entry<String, JsonNode> field : ParamsSchema.of(dag).path("properties").properties()) {
      if (!field.getKey().equals(RunOptions.FIELD)) {
        page.append(
            "| `%s` | %s | `%s` |\n"
                .formatted(
                    field.getKey(), type(field.getValue()), field.getValue().get("default")));
      }
    }
  }

  private static String type(JsonNode schema) {
    JsonNode type = schema.path("type");
    String name = type.isArray() ? type.get(0).asText() + " or null" : type.asText();
    return schema.has("format") ? schema.get("format").asText() : name;
  }
}
