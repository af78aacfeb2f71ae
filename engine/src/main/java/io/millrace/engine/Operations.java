package io.millrace.engine;

import io.millrace.engine.DagRunOps.Clear;
import io.millrace.engine.DagRunOps.GateAnswer;
import io.millrace.engine.DagRunOps.Hold;
import io.millrace.engine.DagRunOps.Mark;
import io.temporal.workflow.Workflow;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What people do to a run: each is checked first, so that it is either refused with its reason and
 * changes nothing, or taken and recorded with who did it and why.
 */
final class Operations {

  private static final Map<String, NodeState> MARKS =
      Map.of(
          "success", NodeState.SUCCESS,
          "failed", NodeState.FAILED,
          "skipped", NodeState.SKIPPED);

  private static final String ANSWER = ": ";

  private final DagRun run;
  private final Graph graph;
  private final List<Operation> log = new ArrayList<>();
  private final Set<String> breakpoints = new TreeSet<>();
  private boolean held;

  Operations(DagRun run, Graph graph, List<String> breakpoints) {
    this.run = run;
    this.graph = graph;
    for (String task : breakpoints) {
      this.breakpoints.add(graph.node(task).id());
    }
  }

  List<Operation> log() {
    return log;
  }

  boolean isHeld() {
    return held;
  }

  /** Whether the run holds before this task. */
  boolean holds(Node<?, ?> node) {
    return held || breakpoints.contains(node.id());
  }

  List<String> clear(Clear request) {
    boolean withPartlyCleared =
        graph.order().stream().anyMatch(Clearing::isPartlyCleared)
            && Workflow.getVersion("clear-partly-cleared", Workflow.DEFAULT_VERSION, 1) == 1;
    Clearing clearing = new Clearing(graph, request, withPartlyCleared);
    if (request.args() != null) {
      ((Task<?>) graph.node(request.tasks().get(0))).editArgs(request.args());
    }
    List<String> labels = clearing.apply();
    record("clear " + String.join(", ", labels), request.by(), request.why());
    run.reopen();
    return labels;
  }

  void validateClear(Clear request) {
    run.stopping().requireOpen("cleared");
    if (new Clearing(graph, request, true).isEmpty()) {
      throw new IllegalArgumentException(
          request.tasks().isEmpty()
              ? "No task has failed, so there is nothing to clear; name the tasks"
              : request.onlyFailed()
                  ? "None of %s has failed; leave onlyFailed out to do them again"
                      .formatted(request.tasks())
                  : "None of %s has started or been decided, so there is nothing to clear"
                      .formatted(request.tasks()));
    }
    if (request.args() != null
        && (request.tasks().size() != 1
            || !(graph.byId().get(request.tasks().get(0)) instanceof Task<?>))) {
      throw new IllegalArgumentException(
          "Other arguments can be given to one task that is not mapped, not to " + request.tasks());
    }
  }

  String answer(GateAnswer answer) {
    gate(answer.gate()).answer(answer.option(), answer.by());
    return "%s: %s".formatted(answer.gate(), answer.option());
  }

  void validateAnswer(GateAnswer answer) {
    gate(answer.gate()).validate(answer.option(), answer.by());
  }

  private Gate gate(String id) {
    if (graph.byId().get(id) instanceof Gate gate) {
      return gate;
    }
    List<String> gates =
        graph.order().stream().filter(Gate.class::isInstance).map(Node::id).toList();
    throw new IllegalArgumentException(
        "The run has no gate '%s'; its gates are %s%s"
            .formatted(id, gates, UnknownDag.suggestion(id, gates)));
  }

  String mark(Mark request) {
    Target target = Target.parse(request.task());
    Node<?, ?> node = graph.node(target.task());
    NodeState state = markOf(request);
    String by = Objects.requireNonNullElse(request.by(), "somebody");
    String what = "marked %s by %s".formatted(state.words(), by);
    String label = node.id();
    if (target.item() == null) {
      node.mark(state, request.result(), what);
    } else {
      Mapped<?, ?> map = graph.mapped(target);
      int index = map.indexOf(target.item());
      label = map.labelOf(index);
      map.markItem(index, state, request.result(), what);
    }
    Clearing.resume(graph.allBelow(node));
    record("mark %s %s".formatted(label, state.words()), request.by(), request.why());
    run.reopen();
    return label + ANSWER + state.words();
  }

  /** The task, or item, of what {@link #mark} has answered. */
  static String taskOfAnswer(String answer) {
    int end = answer.lastIndexOf(ANSWER);
    return end < 0 ? answer : answer.substring(0, end);
  }

  void validateMark(Mark request) {
    run.stopping().requireOpen("marked");
    Target target = Target.parse(request.task());
    Node<?, ?> node = graph.node(target.task());
    NodeState state = markOf(request);
    if (request.result() != null && state != NodeState.SUCCESS) {
      throw new IllegalArgumentException("Only a success has a result");
    }
    if (target.item() != null) {
      Mapped<?, ?> map = graph.mapped(target);
      map.checkItemMark(map.indexOf(target.item()), state, request.result());
      return;
    }
    if (node.state() == state) {
      throw new IllegalArgumentException(
          "Task '%s' is %s already".formatted(node.id(), state.words()));
    }
    node.checkMark(state, request.result());
  }

  private static NodeState markOf(Mark request) {
    NodeState state = MARKS.get(String.valueOf(request.state()).toLowerCase(Locale.ROOT));
    if (state == null) {
      throw new IllegalArgumentException(
          "'%s' is no state to mark a task with; take one of %s"
              .formatted(request.state(), new TreeSet<>(MARKS.keySet())));
    }
    return state;
  }

  String hold(Hold request) {
    String what = request.task() == null ? "the run" : graph.node(request.task()).id();
    if (request.task() == null) {
      held = true;
    } else {
      breakpoints.add(request.task());
    }
    record("hold " + what, request.by(), request.why());
    run.reopen();
    return what + " is held";
  }

  void validateHold(Hold request) {
    run.stopping().requireOpen("held");
    if (request.task() != null) {
      Node<?, ?> node = graph.node(request.task());
      if (node.life().hasStarted() && node.state() != NodeState.RESTARTING) {
        throw new IllegalArgumentException(
            "Task '%s' has started: a breakpoint holds a run before a task"
                .formatted(request.task()));
      }
    }
    if (request.task() == null && held) {
      throw new IllegalArgumentException("The run is held already");
    }
  }

  String release(Hold request) {
    String what = request.task() == null ? "the run" : graph.node(request.task()).id();
    if (request.task() == null) {
      held = false;
      run.releaseHold();
    } else if (!breakpoints.remove(request.task())) {
      run.before().release(graph.node(request.task()));
    }
    record("release " + what, request.by(), request.why());
    run.reopen();
    return what + " goes on";
  }

  void validateRelease(Hold request) {
    if (request.task() == null && !held && !run.isHeldForFailures()) {
      throw new IllegalArgumentException(
          breakpoints.isEmpty()
              ? "The run is not held"
              : "The run is not held as a whole; name one of its breakpoints " + breakpoints);
    }
    if (request.task() != null
        && !breakpoints.contains(request.task())
        && !run.before().isAwaitedBy(graph.node(request.task()))) {
      throw new IllegalArgumentException(
          "There is no breakpoint before '%s'; there is one before each of %s"
              .formatted(request.task(), breakpoints));
    }
  }

  /** Keeps what was done, by whom and why. */
  void record(String what, @Nullable String by, @Nullable String why) {
    log.add(
        new Operation(
            DagRun.now(),
            what,
            Objects.requireNonNullElse(by, "somebody"),
            Objects.requireNonNullElse(why, "")));
  }
}
