package io.millrace.engine;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.engine.pool.Claim;
import io.temporal.workflow.ChildWorkflowStub;
import io.temporal.workflow.Promise;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Makes the calls of a run's nodes, or takes over what an earlier run made of them. */
final class NodeCalls {

  private final RunInfo info;
  private final Graph graph;
  private final PriorRun former;
  private final Calls calls;
  private final Throttle throttle;

  NodeCalls(RunInfo info, Graph graph, Calls calls, Throttle throttle, PriorRun former) {
    this.info = info;
    this.graph = graph;
    this.calls = calls;
    this.throttle = throttle;
    this.former = former;
  }

  /** The same with the results of an earlier run. */
  NodeCalls after(PriorRun run) {
    return new NodeCalls(info, graph, calls, throttle, run);
  }

  /** Waits for a slot of the run itself. */
  void await(Claim claim) {
    calls.await(claim);
  }

  /** Gives all slots back, before the run ends. */
  void close() {
    calls.close();
  }

  /** Whether a node may start a call now; if not, it is looked at again when it may. */
  boolean admits(Node<?, ?> node) {
    return throttle.admits(node);
  }

  /**
   * Makes a call.
   *
   * @param summary {@code task} or {@code task[item]}
   */
  <R> Promise<R> make(Node<?, ?> node, RecordedCall call, String summary) {
    Promise<R> made =
        calls.make(
            call,
            summary,
            node.policy(),
            priorityOf(node),
            new Calls.Slots() {
              @Override
              public void waits() {
                node.slotWaits();
              }

              @Override
              public void granted() {
                node.slotGranted();
              }
            });
    throttle.started(made, call.size());
    return made;
  }

  /** Starts a child run that pokes for a sensor, and holds the pool's slots only for each poke. */
  <R> Promise<R> watch(Node<?, ?> sensor, RecordedCall call, Policy policy, SensorLoop.Pace pace) {
    Promise<R> watching =
        SensorLoop.start(
            SensorLoop.Watch.of(
                info.dagId(),
                sensor.id(),
                sensor.life().round(),
                call,
                policy,
                priorityOf(sensor),
                Calls.claim(policy, sensor.id(), priorityOf(sensor)),
                pace),
            call);
    throttle.started(watching, call.size());
    sensor.slotWaits();
    return watching;
  }

  /** A child run for some items of a mapped task. */
  ChildWorkflowStub chunk(String summary) {
    return calls.chunk(summary);
  }

  /** Starts a child run for some items. */
  Promise<MapChunk.Outcome> start(ChildWorkflowStub stub, MapChunk.Chunk chunk, int bytes) {
    Promise<MapChunk.Outcome> outcome = stub.executeAsync(MapChunk.Outcome.class, chunk);
    throttle.started(outcome, bytes);
    return outcome;
  }

  /** Some calls of a node, for a child run. */
  MapChunk.Chunk chunkOf(
      Node<?, ?> node, int first, int last, List<MapChunk.Item> items, int maxActive) {
    return new MapChunk.Chunk(
        info.dagId(), node.id(), first, last, items, node.policy(), priorityOf(node), maxActive);
  }

  /** Whether this run takes over results of an earlier one. */
  boolean isRerun() {
    return !former.isEmpty();
  }

  /**
   * What an earlier run has for a node's calls.
   *
   * @param outdated whether nothing of it may be used
   * @param labels of the calls
   */
  <R> List<PriorRun.Match<R>> former(
      Node<?, ?> node, boolean outdated, List<RecordedCall> wanted, List<String> labels) {
    return outdated || former.isEmpty()
        ? wanted.stream().map(call -> PriorRun.Match.<R>none(null)).toList()
        : former.match(node.id(), wanted, labels);
  }

  /** What a gate or an event of an earlier run was given; null if it is to wait again. */
  @Nullable JsonNode formerInput(Node<?, ?> node, boolean outdated) {
    return outdated ? null : former.input(node.id());
  }

  boolean mustRunAgain(String taskId) {
    return former.isCleared(taskId);
  }

  /** The items of a task that are to be done again by request, as they were named. */
  List<String> clearedItems(String taskId) {
    return former.clearedItems(taskId);
  }

  /** Before others if much hangs on it, as Airflow's {@code weight_rule=downstream}. */
  private int priorityOf(Node<?, ?> node) {
    return graph.priorityOf(node, info.priority());
  }
}
