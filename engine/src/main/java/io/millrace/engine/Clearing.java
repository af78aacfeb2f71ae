package io.millrace.engine;

import io.millrace.engine.DagRunOps.Clear;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** What a {@code clear} is about: the tasks and items that it names, and those that follow. */
final class Clearing {

  private final Graph graph;
  private final Clear request;
  private final Set<Node<?, ?>> whole = new LinkedHashSet<>();
  private final Map<Mapped<?, ?>, Set<Integer>> items = new LinkedHashMap<>();
  private final Set<Node<?, ?>> scopes = new LinkedHashSet<>();
  private final boolean withPartlyCleared;

  /**
   * Finds out.
   *
   * @param withPartlyCleared whether a mapped task of which some items are cleared already, and
   *     that has not started again, is cleared with its other items; earlier releases left it
   * @throws IllegalArgumentException if it names something that is not there
   */
  Clearing(Graph graph, Clear request, boolean withPartlyCleared) {
    this.graph = graph;
    this.request = request;
    this.withPartlyCleared = withPartlyCleared;
    if (request.tasks().isEmpty()) {
      graph.order().stream()
          .filter(node -> node.state() == NodeState.FAILED)
          .forEach(this::nameFailed);
    } else {
      request.tasks().forEach(this::name);
    }
    follow();
  }

  private void name(String label) {
    Target target = Target.parse(label);
    Node<?, ?> node = graph.node(target.task());
    if (target.item() != null) {
      Mapped<?, ?> map = graph.mapped(target);
      int index = map.indexOf(target.item());
      if (!request.onlyFailed() || map.labelsIn(Items.State.FAILED).contains(map.labelOf(index))) {
        items.computeIfAbsent(map, any -> new TreeSet<>()).add(index);
      }
    } else if (request.onlyFailed()) {
      nameFailed(node);
    } else if (hasWorked(node) || node.state().isTerminal()) {
      whole.add(node);
    }
  }

  /** Names a task if it has failed; of a mapped one its failed items. */
  private void nameFailed(Node<?, ?> node) {
    boolean failed = node.state() == NodeState.FAILED || node.state() == NodeState.UPSTREAM_FAILED;
    List<String> failedItems =
        node instanceof Mapped<?, ?> map && !node.life().isMarked()
            ? map.labelsIn(Items.State.FAILED)
            : List.of();
    if (node instanceof Mapped<?, ?> map && !failedItems.isEmpty() && request.args() == null) {
      Set<Integer> indexes = items.computeIfAbsent(map, any -> new TreeSet<>());
      failedItems.forEach(
          label -> indexes.add(map.indexOf(String.valueOf(Target.parse(label).item()))));
      if (failed) {
        indexes.addAll(map.open());
      }
    } else if (failed) {
      whole.add(node);
    }
  }

  /** Adds what is below, above and around the tasks that are named. */
  private void follow() {
    List<Node<?, ?>> named = named();
    Set<Node<?, ?>> also = new LinkedHashSet<>();
    for (Node<?, ?> node : named) {
      if (request.upstream()) {
        also.addAll(graph.allAbove(node));
      }
      if (!Boolean.FALSE.equals(request.downstream())) {
        also.addAll(graph.allBelow(node));
      }
    }
    also.removeAll(named);
    also.removeIf(node -> !hasWorked(node));
    if (request.onlyFailed()) {
      also.removeIf(node -> node.state() != NodeState.FAILED);
    }
    // A task that is cleared as a whole is cleared with all of its items.
    whole.addAll(also);
    named().forEach(node -> scopes.addAll(graph.scopes().resourcesOf(node)));
    also.forEach(node -> scopes.addAll(graph.scopes().resourcesOf(node)));
    scopes.removeAll(whole);
    scopes.removeIf(node -> node.state() == NodeState.NONE);
  }

  private boolean hasWorked(Node<?, ?> node) {
    return node.life().hasStarted() || (withPartlyCleared && isPartlyCleared(node));
  }

  /** Whether some items of a mapped task are cleared, while the others keep their results. */
  static boolean isPartlyCleared(Node<?, ?> node) {
    return node instanceof Mapped<?, ?> map && !map.life().hasStarted() && map.hasEndedItems();
  }

  private List<Node<?, ?>> named() {
    Set<Node<?, ?>> named = new LinkedHashSet<>(whole);
    named.addAll(items.keySet());
    return new ArrayList<>(named);
  }

  boolean isEmpty() {
    return whole.isEmpty() && items.isEmpty();
  }

  /** Does it; returns the labels of what is done again, in the order of the graph. */
  List<String> apply() {
    List<String> labels = labels();
    Set<Node<?, ?>> below = graph.withAllBelow(named().stream().map(Node::id).toList());
    whole.forEach(node -> node.reset(false));
    scopes.forEach(node -> node.reset(true));
    items.forEach(Mapped::clearItems);
    decideAgain(below);
    return labels;
  }

  private List<String> labels() {
    List<String> labels = new ArrayList<>();
    for (Node<?, ?> node : graph.order()) {
      if (whole.contains(node) || scopes.contains(node)) {
        labels.add(node.id());
      } else if (node instanceof Mapped<?, ?> map && items.containsKey(map)) {
        Set<Integer> indexes = items.getOrDefault(map, Set.of());
        indexes.forEach(index -> labels.add(map.labelOf(index)));
      }
    }
    return labels;
  }

  /** After a mark: what failed below starts again as well, as in Airflow. */
  static void resume(Collection<Node<?, ?>> below) {
    below.stream()
        .filter(node -> node.state() == NodeState.FAILED)
        .forEach(node -> node.reset(false));
    decideAgain(below);
  }

  /** What was skipped or not run because of tasks above it that change now. */
  static void decideAgain(Collection<Node<?, ?>> below) {
    for (Node<?, ?> node : below) {
      if (node.state().isTerminal() && !node.life().hasStarted()) {
        node.reset(false);
      }
    }
  }
}
