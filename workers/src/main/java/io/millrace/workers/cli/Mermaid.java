package io.millrace.workers.cli;

import io.millrace.engine.DagDescription;
import io.millrace.engine.DagDescription.TaskDescription;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A DAG's graph in Mermaid's language, which GitHub and most wikis draw. */
final class Mermaid {

  private Mermaid() {}

  /** The graph, from left to right; each kind of task has a shape of its own. */
  static String flowchart(DagDescription dag) {
    Map<String, String> names = new HashMap<>();
    List<String> lines = new ArrayList<>();
    lines.add("flowchart LR");
    for (TaskDescription task : dag.tasks()) {
      String name = "t" + names.size();
      names.put(task.id(), name);
      lines.add("  " + name + shape(task));
    }
    for (TaskDescription task : dag.tasks()) {
      for (String above : task.upstream()) {
        String arrow = task.setups().contains(above) ? " -.-> " : " --> ";
        lines.add("  " + names.get(above) + arrow + names.get(task.id()));
      }
    }
    return String.join("\n", lines);
  }

  private static String shape(TaskDescription task) {
    String id = task.id();
    return switch (task.kind()) {
      case TASK -> "[\"%s\"]".formatted(id);
      case CHILD -> "(\"%s\")".formatted(id);
      case TRIGGER -> "[/\"%s\"/]".formatted(id);
      case MAPPED -> "[[\"%s\"]]".formatted(id);
      case BRANCH, SHORT_CIRCUIT -> "{\"%s\"}".formatted(id);
      case SENSOR -> "([\"%s\"])".formatted(id);
      case EVENT -> ">\"%s\"]".formatted(id);
      case GATE -> "{{\"%s\"}}".formatted(id);
    };
  }
}
