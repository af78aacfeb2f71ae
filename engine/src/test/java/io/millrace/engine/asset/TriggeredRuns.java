package io.millrace.engine.asset;

import com.fasterxml.jackson.databind.JsonNode;
import io.temporal.common.converter.EncodedValues;
import io.temporal.worker.Worker;
import io.temporal.workflow.DynamicWorkflow;
import io.temporal.workflow.Workflow;
import io.temporal.workflow.unsafe.WorkflowUnsafe;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** Stands for any DAG: records the sources of the events that started each run. */
final class TriggeredRuns {

  private final Map<String, List<List<String>>> sources = new ConcurrentHashMap<>();

  void register(Worker worker) {
    worker.registerWorkflowImplementationFactory(Run.class, () -> new Run(this));
  }

  /** One list per run of a DAG, in the order of their starts. */
  List<List<String>> sources(String dag) {
    return List.copyOf(sources.getOrDefault(dag, List.of()));
  }

  /** Ends at once. */
  public static final class Run implements DynamicWorkflow {

    private final TriggeredRuns runs;

    Run(TriggeredRuns runs) {
      this.runs = runs;
    }

    @Override
    public Object execute(EncodedValues args) {
      if (!WorkflowUnsafe.isReplaying()) {
        runs.sources
            .computeIfAbsent(
                Workflow.getInfo().getWorkflowType(), dag -> new CopyOnWriteArrayList<>())
            .add(args.get(0, JsonNode.class).findValuesAsText("source"));
      }
      return "done";
    }
  }
}
