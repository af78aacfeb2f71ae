package io.millrace.engine;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.engine.pool.Claim;
import io.temporal.workflow.Promise;
import io.temporal.workflow.Workflow;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Makes the calls of a run's nodes, or takes over what an earlier run made of them. */
final class NodeCalls {

  private final RunInfo info;
  private final Graph graph;
  private final FormerRun former;
  private final Calls calls;

  NodeCalls(RunInfo info, Graph graph, Calls calls, FormerRun former) {
    this.info = info;
    this.graph = graph;
    this.calls = calls;
    this.former = former;
  }

  /** The same with the results of an earlier run. */
  NodeCalls after(FormerRun run) {
    return new NodeCalls(info, graph, calls, run);
  }

  /** Waits for a slot of the run itself. */
  void await(Claim claim) {
    calls.await(claim);
  }

  /** Gives all slots back, before the run ends. */
  void close() {
    calls.close();
  }

  /**
   * Makes a call, unless an earlier run has its result.
   *
   * @param summary {@code task} or {@code task[item]}
   */
  <R> Promise<R> make(Node<?, ?> node, RecordedCall call, String summary) {
    R result = takenOver(node, call, summary);
    if (result != null) {
      return Workflow.newPromise(result);
    }
    node.life().worked();
    return calls.make(call, summary, node.policy(), priorityOf(node));
  }

  /** Whether an earlier run may have results of the node. */
  boolean mayTakeOver(Node<?, ?> node) {
    return !node.life().isStale() && !former.isEmpty();
  }

  /** What an earlier run made of a call, or null if it is to be made. */
  @SuppressWarnings("TypeParameterUnusedInFormals") // the recorded call says what it is
  <R> @Nullable R takenOver(Node<?, ?> node, RecordedCall call, String summary) {
    return node.life().isStale() ? null : former.result(summary, call);
  }

  /**
   * Has some items of a mapped task worked off by a child run.
   *
   * @param first the place of the first item in the whole list
   * @param last the place of the last
   */
  Promise<MapChunk.Outcome> makeAll(
      Node<?, ?> node, int first, int last, List<MapChunk.Item> items, int maxActive) {
    node.life().worked();
    return calls.chunk(
        new MapChunk.Chunk(
            info.dagId(),
            node.id(),
            first,
            last,
            items,
            node.policy(),
            priorityOf(node),
            maxActive));
  }

  /** What a gate or an event of an earlier run was given; null if it is to wait again. */
  @Nullable JsonNode formerInput(Node<?, ?> node) {
    return node.life().isStale() ? null : former.input(node.id());
  }

  /** Whether a node is about to take over what an earlier run made, and do nothing of its own. */
  boolean hasResult(Node<?, ?> node) {
    return !former.isEmpty() && !node.isOutdated() && former.input(node.id()) != null;
  }

  boolean mustRunAgain(String taskId) {
    return former.isCleared(taskId);
  }

  /** Before others if much hangs on it, as Airflow's {@code weight_rule=downstream}. */
  private int priorityOf(Node<?, ?> node) {
    return graph.priorityOf(node, info.priority());
  }
}
