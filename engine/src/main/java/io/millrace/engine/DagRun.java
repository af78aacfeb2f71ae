package io.millrace.engine;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.engine.RunReport.RunState;
import io.millrace.engine.asset.AssetEvent;
import io.millrace.engine.notify.RunNotifications;
import io.millrace.engine.pool.Claim;
import io.temporal.failure.ApplicationFailure;
import io.temporal.failure.CanceledFailure;
import io.temporal.workflow.Workflow;
import java.time.Duration;
import java.time.Instant;
import java.util.BitSet;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Drives a graph: decides after every change which tasks start, and holds no thread for any. */
final class DagRun {

  /** The failure type of a run in which a task failed. */
  static final String FAILED = "DagRunFailed";

  /** The detail of a task that did not run because its run was stopped. */
  static final String STOPPED = "run stopped";

  /** More items of maps than this become child runs of 500, however few each map has. */
  static final int MAX_ITEMS_IN_RUN = 3_000;

  private static final String CANCELLED = "run cancelled";

  private final Dag dag;
  private final Graph graph;
  private final RunInfo info;
  private final SearchAttributes attributes;
  private final Operations operations;
  private final Events events;
  private final PreviousRun before;
  private final RunsAfter after;
  private final RunMetrics metrics;
  private final RunNotifications notices;
  private final TaskLineage lineage;
  private final Instant startedAt = now();
  private final BitSet due = new BitSet();
  private final Outbox outbox = new Outbox();
  private final Stopping stopping;
  private final RunOutcome outcome;
  private NodeCalls calls;
  private RunState state = RunState.RUNNING;
  private int itemsInRun;
  private boolean gaveUpHolding;

  DagRun(RunInfo info, Dag dag, Events events) {
    this.dag = dag;
    this.info = info;
    this.events = events;
    this.metrics = new RunMetrics(info.dagId());
    this.graph = new Graph(dag.nodes().values(), dag.groups());
    this.outcome = new RunOutcome(dag, graph);
    this.operations = new Operations(this, graph, info.options().breakpoints());
    this.before = new PreviousRun(info, graph);
    this.stopping = new Stopping(dag, graph, before, this::lookAgain);
    this.after = new RunsAfter(info.runId(), graph);
    this.calls = new NodeCalls(info, graph, new Calls(info.dagId()), new Throttle(), PriorRun.NONE);
    this.attributes = SearchAttributes.begin(info.dagId(), info.interval());
    this.lineage = new TaskLineage(info);
    this.notices =
        new RunNotifications(
            dag.alerts(),
            info.dagId(),
            info.runId(),
            info.interval().start(),
            (what, why) -> operations.record(what, "millrace", why));
    graph.order().forEach(node -> node.attach(this));
    if (graph.order().stream().anyMatch(node -> node instanceof Sensor<?> s && s.pokesForSlots())) {
      Workflow.registerListener((SensorListener) this::sensorBegan);
    }
    if (graph.order().stream().anyMatch(Mapped.class::isInstance)) {
      Workflow.registerListener((ChunkListener) this::chunkStopped);
    }
    lookAgain();
  }

  /**
   * Runs to the end.
   *
   * @throws ApplicationFailure of type {@link #FAILED} if the run failed
   * @throws CanceledFailure if it was cancelled, once the tasks that ran and the teardowns have
   *     ended
   */
  RunReport execute() {
    try {
      metrics.started(DataInterval.nominalTimeOfCurrentRun(), startedAt);
      lineage.begun();
      notices.begin();
      outbox.open(graph.order().stream().anyMatch(node -> !node.outlets().isEmpty()));
      admit();
      calls = calls.after(PriorRun.read(info.options(), graph));
      stopping.startDeadline();
      drive();
    } catch (CanceledFailure e) {
      Workflow.newDetachedCancellationScope(
              () -> {
                stopping.stop(CANCELLED);
                drive();
              })
          .run();
      end(RunState.CANCELLED);
      throw e;
    }
    stopping.endDeadline();
    end(succeeded() ? RunState.SUCCESS : RunState.FAILED);
    RunReport report = report();
    if (state == RunState.FAILED) {
      throw ApplicationFailure.newNonRetryableFailure(
          report.failures(stopping.reason()), FAILED, report);
    }
    return report;
  }

  RunReport report() {
    return info.report(
        state,
        graph.order().stream().map(Node::report).toList(),
        operations.log(),
        state == RunState.SUCCESS ? outcome.whySkipped() : null);
  }

  private void drive() {
    while (true) {
      settle();
      after.tell();
      if (stopping.stopIfDue()) {
        continue;
      }
      if (outcome.allEnded() && !mustHold()) {
        // While it waits no task is left that could be held.
        if (stopping.awaitExecutions(() -> state = RunState.RUNNING, () -> !due.isEmpty())) {
          return;
        }
        continue;
      }
      show();
      Workflow.await(() -> !due.isEmpty());
    }
  }

  /** Lets the run give way to a later one, or wait for its turn, as its schedule says. */
  private void admit() {
    Optional<Instant> later = Admission.givesWayTo();
    if (later.isPresent()) {
      String why = "gives way to the run of " + later.get();
      graph.order().forEach(node -> node.finish(NodeState.SKIPPED, why));
      return;
    }
    Optional<Claim> slot = Admission.slot(info);
    if (slot.isPresent()) {
      state = RunState.QUEUED;
      attributes.tell(state, false);
      Workflow.setCurrentDetails(Grid.markdown(report()));
      calls.await(slot.get());
    }
  }

  /** Each task stands after those that it comes after, so one pass settles everything. */
  private void settle() {
    for (int next = due.nextSetBit(0); next >= 0; next = due.nextSetBit(0)) {
      due.clear(next);
      graph.order().get(next).settle();
    }
  }

  /** A task has changed: it, and what is decided by it, is to be looked at again. */
  void changed(Node<?, ?> node) {
    due.set(graph.position(node));
    graph.downstream(node).forEach(below -> due.set(graph.position(below)));
    node.setups().forEach(setup -> due.set(graph.position(setup)));
    if (node instanceof Decider<?, ?> || node.isSetup() || node.isTeardown()) {
      graph.allBelow(node).forEach(below -> due.set(graph.position(below)));
    }
  }

  /** A person has changed something: everything is looked at again. */
  void reopen() {
    before.forget();
    state = RunState.RUNNING;
    lookAgain();
  }

  private void lookAgain() {
    due.set(0, graph.order().size());
  }

  /** Whether a task may start now. */
  boolean mayStart(Node<?, ?> node) {
    String stopped = stopping.reason();
    if (stopped != null && !node.isTeardown()) {
      node.finish(NodeState.SKIPPED, stopped);
      return false;
    }
    boolean free =
        stopped != null
            || (!operations.holds(node)
                && ((calls.isRerun() && node.takesOver()) || before.mayStart(node)));
    return free && calls.admits(node);
  }

  /** Whether so many more items of a map may be activities of the run itself; counts them if so. */
  boolean takesItems(int count) {
    if (itemsInRun + count > MAX_ITEMS_IN_RUN) {
      return false;
    }
    itemsInRun += count;
    return true;
  }

  @Nullable JsonNode takeEvent(String name) {
    return events.take(name);
  }

  /** Gives an event to the task that waits for it; false if none does. */
  boolean deliver(DagRunOps.ExternalEvent event) {
    if (graph.byId().get(event.name()) instanceof Event<?> task
        && task.state() == NodeState.AWAITING_INPUT) {
      task.deliver(event.payload());
      return true;
    }
    return false;
  }

  private void sensorBegan(SensorLoop.Began sensor) {
    Node<?, ?> node = graph.byId().get(sensor.taskId());
    if (node != null && node.life().round() == sensor.round()) {
      node.slotGranted();
    }
  }

  private void chunkStopped(MapChunk.Stopped chunk) {
    if (graph.byId().get(chunk.taskId()) instanceof Mapped<?, ?> map) {
      map.stopped(chunk);
    }
  }

  NodeCalls calls() {
    return calls;
  }

  Graph graph() {
    return graph;
  }

  PreviousRun before() {
    return before;
  }

  Operations operations() {
    return operations;
  }

  Stopping stopping() {
    return stopping;
  }

  boolean isHeldForFailures() {
    return mustHold() && outcome.allEnded();
  }

  void releaseHold() {
    gaveUpHolding = true;
  }

  private boolean mustHold() {
    boolean holds = dag.holdsOnFailure() || info.options().holdOnFailure();
    return holds && !gaveUpHolding && stopping.reason() == null && !outcome.succeeded();
  }

  RunMetrics metrics() {
    return metrics;
  }

  void emitTaskStarted(Node<?, ?> node) {
    if (!calls.isRerun() || node.life().isStale()) {
      lineage.taskBegun(node);
    }
  }

  void emitTaskEnded(Node<?, ?> node) {
    lineage.taskEnded(node);
  }

  /** Tells the asset hub what a task has made. */
  void emit(AssetEvent made) {
    outbox.send(made, "%s/%s".formatted(info.runId(), made.source()));
  }

  private void end(RunState how) {
    stopping.close();
    before.close();
    after.flush();
    calls.close();
    outbox.flush();
    state = how;
    metrics.ended(how, Duration.between(startedAt, now()));
    lineage.ended(how, report());
    notices.end(how, () -> report().failures(stopping.reason()), outcome.failedTeardowns());
    attributes.end(how);
    Workflow.setCurrentDetails(Grid.markdown(report()));
  }

  private void show() {
    boolean held = operations.isHeld() || isHeldForFailures();
    state = held ? RunState.HELD : RunState.RUNNING;
    notices.held(isHeldForFailures(), () -> report().failures(stopping.reason()));
    Workflow.setCurrentDetails(Grid.markdown(report()));
    boolean waits =
        held || graph.order().stream().anyMatch(n -> n.state() == NodeState.AWAITING_INPUT);
    attributes.tell(state, waits);
  }

  private boolean succeeded() {
    return stopping.reason() == null && outcome.succeeded();
  }

  static Instant now() {
    return Instant.ofEpochMilli(Workflow.currentTimeMillis());
  }
}
