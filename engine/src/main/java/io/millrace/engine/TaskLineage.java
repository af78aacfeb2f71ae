package io.millrace.engine;

import io.millrace.engine.RunReport.RunState;
import io.millrace.engine.asset.AssetEvent;
import io.millrace.engine.lineage.RunLineage;
import io.millrace.engine.lineage.RunLineage.End;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** What a run's tasks and assets are in the words of lineage. */
final class TaskLineage {

  private final RunLineage lineage;
  private final List<String> triggers;

  TaskLineage(RunInfo run) {
    this.lineage = new RunLineage(run.dagId(), run.interval().start(), run.interval().end());
    this.triggers = run.options().triggeringEvents().stream().map(AssetEvent::asset).toList();
  }

  void begun() {
    lineage.begun(triggers);
  }

  void ended(RunState how, RunReport report) {
    End end =
        switch (how) {
          case SUCCESS -> End.COMPLETE;
          case CANCELLED -> End.ABORT;
          default -> End.FAIL;
        };
    lineage.ended(end, triggers, end == End.FAIL ? report.failures(null) : null);
  }

  void taskBegun(Node<?, ?> node) {
    lineage.taskBegun(node.id(), node.life().round(), inputs(node));
  }

  void taskEnded(Node<?, ?> node) {
    End end =
        switch (node.state()) {
          case SUCCESS -> End.COMPLETE;
          case SKIPPED -> End.ABORT;
          default -> End.FAIL;
        };
    String detail = node.report().detail();
    lineage.taskEnded(node.id(), node.life().round(), end, inputs(node), node.makes(), detail);
  }

  /** What the tasks right before it make; of the first ones, what the run was started for. */
  private Set<String> inputs(Node<?, ?> node) {
    Set<String> inputs = new LinkedHashSet<>();
    node.upstream().forEach(above -> inputs.addAll(above.makes()));
    if (node.upstream().isEmpty()) {
      inputs.addAll(triggers);
    }
    return inputs;
  }
}
