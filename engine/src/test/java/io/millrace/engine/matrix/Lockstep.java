package io.millrace.engine.matrix;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.millrace.engine.DagRunOps;
import io.millrace.engine.DagRuns;
import io.millrace.engine.RunReport;
import io.millrace.engine.matrix.Executions.Snapshot;
import io.millrace.engine.matrix.TaskModel.Call;
import io.millrace.engine.pool.Pools;
import io.millrace.testing.Waiting;
import io.temporal.api.history.v1.HistoryEvent;
import io.temporal.client.WorkflowFailedException;
import io.temporal.client.WorkflowQueryException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;

/**
 * Does the same to a run and to its model, step by step, and waits after each step until the run is
 * where the model is. A run that makes no progress and is elsewhere fails the test.
 */
final class Lockstep {

  /** How long nothing may change before a difference counts as one. */
  private static final Duration PATIENCE =
      Duration.ofMillis(Long.getLong("matrix.patience.millis", 60_000));

  private static final Duration POLL = Duration.ofMillis(4);
  private static final Duration LIMIT = Duration.ofMinutes(1);
  private static final int MAX_STEPS = 2_000;

  private final Server server;
  private final DagRuns runs;
  private final String title;
  private final GraphSpec spec;
  private final List<String> log = new ArrayList<>();
  private ReferenceRun model;
  private String runId = "";
  private int nextValue = 100;

  Lockstep(Server server, GraphSpec spec, String title) {
    this.server = server;
    this.runs = new DagRuns(server.client(), server.taskQueue());
    this.spec = spec.withPool("pool-" + UUID.randomUUID());
    this.title = title;
    this.model = new ReferenceRun(spec, PastRun.NONE);
  }

  ReferenceRun model() {
    return model;
  }

  /** Starts the run. */
  Lockstep start() {
    String id = "%s-%s".formatted(MatrixDag.NAME, UUID.randomUUID());
    if (spec.poolSize() != 1) {
      new Pools(server.client(), server.taskQueue()).declare(spec.pool(), spec.poolSize());
    }
    runId = runs.trigger(MatrixDag.NAME, spec, id);
    awaitAgreement();
    return this;
  }

  /** Starts a rerun of the run, which has ended. */
  void rerun(List<String> clear) {
    log.add("rerun clearing " + clear);
    model = new ReferenceRun(spec, PastRun.of(model, clear));
    runId = runs.rerun(runId, null, clear, "test", null);
    awaitAgreement();
  }

  /** A run that goes on refuses a rerun. */
  void refusesRerun() {
    try {
      String id = runs.rerun(runId, null, List.of(), "test", null);
      throw failed("a rerun of a run that goes on was started: " + id);
    } catch (DagRuns.Refused e) {
      log.add("rerun: refused, " + e.getMessage());
    }
  }

  void take(Step step) {
    log.add(step.toString());
    ReferenceOperations people = new ReferenceOperations(model);
    if (step instanceof Step.End end) {
      int value = nextValue++;
      awaitCancel(end.key());
      if (!server.executions().end(runId, end.key(), end.outcome(), value)) {
        throw failed("%s is not executing".formatted(end.key()));
      }
      model.end(end.key(), end.outcome(), value);
    } else if (step instanceof Step.Input input) {
      input(input.task());
    } else if (step instanceof Step.Clear clear) {
      agree(
          () ->
              runs.clear(
                  runId,
                  new DagRunOps.Clear(
                      clear.names(),
                      clear.upstream(),
                      clear.downstream(),
                      clear.onlyFailed(),
                      null,
                      "test",
                      null)),
          people.clear(clear.names(), clear.upstream(), clear.downstream(), clear.onlyFailed()));
    } else if (step instanceof Step.Mark mark) {
      agree(
          () ->
              runs.mark(
                  runId,
                  new DagRunOps.Mark(mark.target(), mark.word(), mark.value(), "test", null)),
          people.mark(mark.task(), mark.item(), mark.state(), mark.text(), mark.fits()));
    } else if (step instanceof Step.Hold hold) {
      agree(
          () -> runs.hold(runId, new DagRunOps.Hold(hold.task(), "test", null)),
          people.hold(hold.task()));
    } else if (step instanceof Step.Release release) {
      agree(
          () -> runs.release(runId, new DagRunOps.Hold(release.task(), "test", null)),
          people.release(release.task()));
    } else {
      runs.cancel(runId);
      Answer unused = people.cancel();
    }
    awaitAgreement();
  }

  /**
   * A cancel takes its time to reach an activity of a child run, and must not come when it has just
   * ended: the server in memory then refuses the child's workflow task for ever.
   */
  private void awaitCancel(String key) {
    Call call = model.executing(key);
    String child = call.task.childOf(call);
    if (child != null && model.isCancelled(call)) {
      Object unused =
          Waiting.until(
              "the cancel of " + child,
              () -> server.client().fetchHistory(runId + "/" + child),
              history ->
                  history.getEvents().stream()
                      .anyMatch(HistoryEvent::hasActivityTaskCancelRequestedEventAttributes));
    }
  }

  private void input(String task) {
    if (spec.task(task).kind() == Kind.GATE) {
      runs.answer(runId, new DagRunOps.GateAnswer(task, "approve", "test"));
      model.input(task, "approve");
    } else {
      JsonNode payload = IntNode.valueOf(nextValue++);
      runs.event(runId, new DagRunOps.ExternalEvent(task, payload));
      model.input(task, payload.asText());
    }
  }

  private void agree(Runnable update, Answer expected) {
    String refusal = null;
    try {
      update.run();
    } catch (DagRuns.Refused e) {
      refusal = String.valueOf(e.getMessage());
    }
    log.add(refusal == null ? "  done" : "  refused: " + refusal);
    if (expected.isRefusal() == (refusal == null)) {
      throw failed(
          "expected %s, but it was %s"
              .formatted(expected, refusal == null ? "done" : "refused: " + refusal));
    }
  }

  /** Ends all that goes on, with success, until the run has ended. */
  void finish() {
    for (int steps = 0; !model.hasEnded(); steps++) {
      if (steps > MAX_STEPS) {
        throw failed("the model does not end");
      }
      take(next());
    }
    awaitEnd();
  }

  private Step next() {
    for (String key : model.executing()) {
      return new Step.End(key, Outcome.SUCCESS);
    }
    for (TaskModel task : model.tasks.values()) {
      if (task.state == State.AWAITING_INPUT) {
        return new Step.Input(task.id());
      }
    }
    if (model.held || model.isHeldForFailures()) {
      return new Step.Release(null);
    }
    for (String task : model.breakpoints) {
      return new Step.Release(task);
    }
    throw failed("the model is stuck");
  }

  private void awaitEnd() {
    try {
      RunReport unused = runs.await(runId, LIMIT);
    } catch (WorkflowFailedException e) {
      if (!model.stopped) {
        throw failed("it ended without a report: " + DagRuns.explain(e));
      }
    } catch (TimeoutException e) {
      throw failed("it has not ended");
    }
    awaitAgreement();
  }

  private void awaitAgreement() {
    long changedAt = System.nanoTime();
    String seen = "";
    while (true) {
      RunReport report = describe();
      Snapshot done = server.executions().snapshot(runId);
      Comparison comparison = new Comparison(model, report, done);
      if (!done.overlaps().isEmpty()) {
        throw failed("executed twice at the same time: " + done.overlaps());
      }
      String difference = comparison.difference();
      if (difference.isEmpty()) {
        return;
      }
      String now = Comparison.fingerprint(report, done);
      if (!now.equals(seen)) {
        seen = now;
        changedAt = System.nanoTime();
      } else if (System.nanoTime() - changedAt > PATIENCE.toNanos()) {
        throw failed(difference);
      }
      LockSupport.parkNanos(POLL.toNanos());
    }
  }

  /** A busy machine may fail a step of a run, which the server tries again. */
  private RunReport describe() {
    for (long begin = System.nanoTime(); ; LockSupport.parkNanos(POLL.toNanos())) {
      try {
        return runs.describe(runId);
      } catch (WorkflowQueryException e) {
        if (System.nanoTime() - begin > PATIENCE.toNanos()) {
          throw failed("it does not say where it is: " + e.getCause());
        }
      }
    }
  }

  private AssertionError failed(String what) {
    return new AssertionError(
        "%s%n%s%nsteps:%n  %s%ngraph: %s".formatted(title, what, String.join("\n  ", log), spec));
  }

  /** Frees what a failed test leaves on the server. */
  void abandon() {
    if (!runId.isEmpty()) {
      terminate();
      server.executions().release(runId);
    }
  }

  private void terminate() {
    try {
      server.client().newUntypedWorkflowStub(runId).terminate("the test is over");
    } catch (RuntimeException e) {
      log.add("it has ended: " + e.getMessage());
    }
  }

  /** A JSON number, for values of marks. */
  static JsonNode number(int value) {
    return JsonNodeFactory.instance.numberNode(value);
  }
}
