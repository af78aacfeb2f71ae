package io.millrace.engine;

import io.millrace.engine.PreviousRunReader.Answer;
import io.millrace.engine.RunAfterSignals.RunAfter;
import io.temporal.workflow.Async;
import io.temporal.workflow.Promise;
import io.temporal.workflow.Workflow;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The later runs with tasks that wait for tasks of this run: each gets a signal of a change as soon
 * as it happens, so that none waits for its next poll.
 *
 * <p>A run sends nothing unless a later one has asked, so that a run that no other waits for has
 * the history that it would have without this.
 */
final class RunsAfter {

  private final String runId;
  private final Graph graph;
  private final Map<String, RunAfter> waiting = new LinkedHashMap<>();
  private final List<Promise<Void>> sending = new ArrayList<>();

  /** Begins to listen. */
  RunsAfter(String runId, Graph graph) {
    this.runId = runId;
    this.graph = graph;
    Workflow.registerListener(new Requests());
  }

  /** Tells those that wait what has changed for them; to be called after each step of the run. */
  void tell() {
    if (waiting.isEmpty()) {
      return;
    }
    Map<String, NodeState> states = new LinkedHashMap<>();
    graph.order().forEach(node -> states.put(node.id(), node.state()));
    for (RunAfter after : List.copyOf(waiting.values())) {
      Map<String, String> blocked = PastRule.blocked(after.tasks(), states, runId);
      if (!blocked.equals(after.known())) {
        send(after, blocked);
      }
    }
  }

  private void send(RunAfter after, Map<String, String> blocked) {
    if (blocked.isEmpty()) {
      waiting.remove(after.runId());
    } else {
      waiting.put(
          after.runId(), new RunAfter(after.runId(), after.registered(), after.tasks(), blocked));
    }
    Workflow.newDetachedCancellationScope(
            () -> {
              PreviousRunSignals later =
                  Workflow.newExternalWorkflowStub(PreviousRunSignals.class, after.runId());
              sending.add(
                  Async.procedure(later::changed, new Answer(blocked, after.registered()))
                      .handle((sent, ended) -> null));
            })
        .run();
  }

  /**
   * Waits, also if the run is cancelled, until all have been signalled: a closed run sends nothing.
   */
  void flush() {
    tell();
    if (!sending.isEmpty()) {
      Workflow.newDetachedCancellationScope(
              () -> Workflow.await(() -> sending.stream().allMatch(Promise::isCompleted)))
          .run();
    }
  }

  /** Hears the later runs. */
  private final class Requests implements RunAfterSignals {
    @Override
    public void waits(RunAfter after) {
      waiting.put(after.runId(), after);
      tell();
    }
  }
}
