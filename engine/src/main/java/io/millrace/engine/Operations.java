package io.millrace.engine;

import io.millrace.engine.DagRunOps.Clear;
import io.millrace.engine.DagRunOps.GateAnswer;
import io.millrace.engine.DagRunOps.Hold;
import io.millrace.engine.DagRunOps.Mark;
import io.temporal.failure.ApplicationFailure;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What people do to a run: each is checked first, and recorded with who did it and why. */
final class Operations {

  private static final Map<String, NodeState> MARKS =
      Map.of(
          "success", NodeState.SUCCESS,
          "failed", NodeState.FAILED,
          "skipped", NodeState.SKIPPED);

  private final DagRun run;
  private final Graph graph;
  private final List<Operation> log = new ArrayList<>();
  private final Set<String> breakpoints = new TreeSet<>();
  private boolean held;

  Operations(DagRun run, Graph graph, List<String> breakpoints) {
    this.run = run;
    this.graph = graph;
    for (String task : breakpoints) {
      this.breakpoints.add(node(task).id());
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
    Set<Node<?, ?>> cleared = toClear(request);
    List<String> ids = cleared.stream().map(Node::id).toList();
    Set<Node<?, ?>> below = graph.withAllBelow(ids);
    if (request.args() != null) {
      ((Task<?>) node(request.tasks().get(0))).editArgs(request.args());
    }
    // Below the failed items everything is new: only the tasks that are named keep what they have.
    List<Node<?, ?>> named = named(request);
    cleared.forEach(node -> node.reset(request.onlyFailed() && named.contains(node)));
    decideAgain(below);
    record("clear " + String.join(", ", ids), request.by(), request.why());
    run.reopen();
    return ids;
  }

  void validateClear(Clear request) {
    run.requireOpen("cleared");
    if (toClear(request).isEmpty()) {
      throw new IllegalArgumentException(
          request.tasks().isEmpty()
              ? "No task has failed, so there is nothing to clear; name the tasks"
              : "None of %s has failed; leave onlyFailed out to do them again"
                  .formatted(request.tasks()));
    }
    if (request.args() != null
        && (request.tasks().size() != 1 || !(node(request.tasks().get(0)) instanceof Task<?>))) {
      throw new IllegalArgumentException(
          "Other arguments can be given to one task that is not mapped, not to " + request.tasks());
    }
  }

  private Set<Node<?, ?>> toClear(Clear request) {
    Set<Node<?, ?>> wanted = new LinkedHashSet<>();
    for (Node<?, ?> node : named(request)) {
      wanted.add(node);
      if (request.upstream()) {
        wanted.addAll(graph.allAbove(node));
      }
      if (!Boolean.FALSE.equals(request.downstream())) {
        wanted.addAll(graph.allBelow(node));
      }
      wanted.addAll(graph.resourcesOf(node));
    }
    wanted.removeIf(node -> !node.life().hasStarted());
    return wanted;
  }

  private List<Node<?, ?>> named(Clear request) {
    boolean all = request.tasks().isEmpty();
    request.tasks().forEach(this::node);
    return graph.order().stream()
        .filter(node -> all || request.tasks().contains(node.id()))
        .filter(node -> !(all || request.onlyFailed()) || node.state() == NodeState.FAILED)
        .collect(Collectors.toList());
  }

  /** What was skipped or not run because of tasks above it that change now. */
  private void decideAgain(Set<Node<?, ?>> below) {
    for (Node<?, ?> node : below) {
      if (node.state().isTerminal() && !node.life().hasStarted()) {
        node.reset(false);
      }
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
        "The run has no gate '%s'; its gates are %s".formatted(id, gates));
  }

  String mark(Mark request) {
    Node<?, ?> node = node(request.task());
    NodeState state = markOf(request);
    String by = Objects.requireNonNullElse(request.by(), "somebody");
    try {
      node.mark(state, request.result(), "marked %s by %s".formatted(state.words(), by));
    } catch (IllegalArgumentException e) {
      // Thrown as it is, it would fail the workflow task for ever.
      throw ApplicationFailure.newNonRetryableFailure(e.getMessage(), "Refused");
    }
    Set<Node<?, ?>> below = graph.allBelow(node);
    decideAgain(below);
    record("mark %s %s".formatted(node.id(), state.words()), request.by(), request.why());
    run.reopen();
    return "%s: %s".formatted(node.id(), state.words());
  }

  void validateMark(Mark request) {
    run.requireOpen("marked");
    Node<?, ?> node = node(request.task());
    NodeState state = markOf(request);
    if (node.state() == state) {
      throw new IllegalArgumentException(
          "Task '%s' is %s already".formatted(node.id(), state.words()));
    }
    if (request.result() != null && state != NodeState.SUCCESS) {
      throw new IllegalArgumentException("Only a success has a result");
    }
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
    String what = request.task() == null ? "the run" : node(request.task()).id();
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
    run.requireOpen("held");
    if (request.task() != null && node(request.task()).life().hasStarted()) {
      throw new IllegalArgumentException(
          "Task '%s' has started: a breakpoint holds a run before a task"
              .formatted(request.task()));
    }
    if (request.task() == null && held) {
      throw new IllegalArgumentException("The run is held already");
    }
  }

  String release(Hold request) {
    String what = request.task() == null ? "the run" : node(request.task()).id();
    if (request.task() == null) {
      held = false;
      run.giveUpHolding();
    } else if (!breakpoints.remove(request.task())) {
      run.before().release(node(request.task()));
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
        && !run.before().isAwaitedBy(node(request.task()))) {
      throw new IllegalArgumentException(
          "There is no breakpoint before '%s'; there is one before each of %s"
              .formatted(request.task(), breakpoints));
    }
  }

  private Node<?, ?> node(String id) {
    Node<?, ?> node = graph.byId().get(id);
    if (node == null) {
      throw new IllegalArgumentException(
          "The run has no task '%s'; it has %s".formatted(id, graph.byId().keySet()));
    }
    return node;
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
