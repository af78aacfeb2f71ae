package io.millrace.engine;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** The tasks of one run in an order in which each stands after those that it comes after. */
final class Graph {

  private static final int LAST_PRIORITY = 5;

  private final List<Node<?, ?>> order;
  private final Map<String, Node<?, ?>> byId = new LinkedHashMap<>();
  private final Map<Node<?, ?>, Set<Node<?, ?>>> downstream = new LinkedHashMap<>();
  private final Map<Node<?, ?>, Integer> positions = new LinkedHashMap<>();
  private final int[] heights;
  private final int highest;
  private final Map<String, Set<String>> groups;
  private final Scopes scopes;

  /**
   * Orders the tasks.
   *
   * @throws IllegalArgumentException if some come after each other in a circle, naming them
   */
  Graph(Collection<Node<?, ?>> nodes) {
    this(nodes, Map.of());
  }

  /**
   * The same with groups.
   *
   * @param groups the ids of each group's tasks, by the group's id
   */
  Graph(Collection<Node<?, ?>> nodes, Map<String, Set<String>> groups) {
    this.groups = groups;
    nodes.forEach(node -> byId.put(node.id(), node));
    order = sorted(nodes);
    for (Node<?, ?> node : order) {
      positions.put(node, positions.size());
      downstream.put(node, new LinkedHashSet<>());
      node.upstream().forEach(above -> of(downstream, above).add(node));
    }
    heights = heights();
    highest = Arrays.stream(heights).max().orElse(0);
    Map<Node<?, ?>, Set<Node<?, ?>>> teardowns = teardowns();
    boolean reachFar =
        !teardowns.isEmpty()
            || order.stream()
                .anyMatch(node -> node instanceof Decider<?, ?> d && d.reachesAllBelow());
    order.forEach(node -> complete(node, reachFar ? allAbove(node) : node.upstream(), teardowns));
    scopes = new Scopes(this, teardowns);
  }

  /** The setups and their scopes. */
  Scopes scopes() {
    return scopes;
  }

  /** The ids of a group's tasks; none if there is no such group. */
  Set<String> membersOf(String group) {
    return groups.getOrDefault(group, Set.of());
  }

  List<Node<?, ?>> order() {
    return order;
  }

  Map<String, Node<?, ?>> byId() {
    return byId;
  }

  /**
   * A task by its id.
   *
   * @throws IllegalArgumentException if there is none
   */
  Node<?, ?> node(String id) {
    Node<?, ?> node = byId.get(id);
    if (node == null) {
      throw new IllegalArgumentException(
          "The run has no task '%s'; it has %s%s"
              .formatted(id, byId.keySet(), UnknownDag.suggestion(id, byId.keySet())));
    }
    return node;
  }

  /**
   * The mapped task of an item.
   *
   * @throws IllegalArgumentException if the task is not mapped
   */
  Mapped<?, ?> mapped(Target item) {
    if (node(item.task()) instanceof Mapped<?, ?> map) {
      return map;
    }
    throw new IllegalArgumentException(
        "Task '%s' is not mapped, so it has no item '%s'".formatted(item.task(), item.item()));
  }

  int position(Node<?, ?> node) {
    return of(positions, node);
  }

  /** The tasks right below one. */
  Set<Node<?, ?>> downstream(Node<?, ?> node) {
    return of(downstream, node);
  }

  Set<Node<?, ?>> allBelow(Node<?, ?> node) {
    Set<Node<?, ?>> below = new LinkedHashSet<>();
    Deque<Node<?, ?>> open = new ArrayDeque<>(downstream(node));
    while (!open.isEmpty()) {
      Node<?, ?> next = open.remove();
      if (below.add(next)) {
        open.addAll(downstream(next));
      }
    }
    return below;
  }

  Set<Node<?, ?>> allAbove(Node<?, ?> node) {
    Set<Node<?, ?>> above = new LinkedHashSet<>();
    Deque<Node<?, ?>> open = new ArrayDeque<>(node.upstream());
    while (!open.isEmpty()) {
      Node<?, ?> next = open.remove();
      if (above.add(next)) {
        open.addAll(next.upstream());
      }
    }
    return above;
  }

  /** Tasks by id, with everything below them. */
  Set<Node<?, ?>> withAllBelow(Collection<String> ids) {
    Set<Node<?, ?>> all = new LinkedHashSet<>();
    for (String id : ids) {
      Node<?, ?> node = of(byId, id);
      all.add(node);
      all.addAll(allBelow(node));
    }
    return all;
  }

  /**
   * The priority of a task: one step before the run's if it begins one of the longest ways through
   * the graph, one step after it if nothing hangs on it.
   */
  int priorityOf(Node<?, ?> node, int ofRun) {
    int height = heights[position(node)];
    int step = height == 0 ? 1 : height * 2 > highest ? -1 : 0;
    return highest == 0 ? ofRun : Math.max(1, Math.min(ofRun + step, LAST_PRIORITY));
  }

  /** How many tasks stand below each on the longest way. */
  private int[] heights() {
    int[] below = new int[order.size()];
    for (int i = order.size() - 1; i >= 0; i--) {
      for (Node<?, ?> above : order.get(i).upstream()) {
        int position = position(above);
        below[position] = Math.max(below[position], below[i] + 1);
      }
    }
    return below;
  }

  /** The tasks that decide the run: the last ones, teardowns not counted. */
  List<Node<?, ?>> leaves() {
    return order.stream()
        .filter(node -> !node.isTeardown())
        .filter(node -> downstream(node).stream().allMatch(Node::isTeardown))
        .collect(Collectors.toList());
  }

  /** Each setup's teardowns. */
  private Map<Node<?, ?>, Set<Node<?, ?>>> teardowns() {
    Map<Node<?, ?>, Set<Node<?, ?>>> teardowns = new LinkedHashMap<>();
    for (Node<?, ?> node : order) {
      for (Node<?, ?> setup : node.setups()) {
        teardowns.computeIfAbsent(setup, any -> new LinkedHashSet<>()).add(node);
      }
    }
    return teardowns;
  }

  /**
   * Gives a task what follows from the graph: who decides over it, and the setups further above
   * whose teardown does not stand above it as well, so that their work is still going on.
   */
  private static void complete(
      Node<?, ?> node, Set<Node<?, ?>> above, Map<Node<?, ?>, Set<Node<?, ?>>> teardowns) {
    List<Decider<?, ?>> deciders = new ArrayList<>();
    List<Node<?, ?>> setups = new ArrayList<>();
    for (Node<?, ?> other : above) {
      boolean direct = node.upstream().contains(other);
      if (other instanceof Decider<?, ?> decider && (direct || decider.reachesAllBelow())) {
        deciders.add(decider);
      }
      if (!direct
          && teardowns.containsKey(other)
          && Collections.disjoint(of(teardowns, other), above)) {
        setups.add(other);
      }
    }
    node.edges().complete(deciders, setups);
  }

  private static List<Node<?, ?>> sorted(Collection<Node<?, ?>> nodes) {
    List<Node<?, ?>> sorted = new ArrayList<>();
    Set<Node<?, ?>> done = new LinkedHashSet<>();
    List<Node<?, ?>> open = new ArrayList<>(nodes);
    while (!open.isEmpty()) {
      int before = done.size();
      open.removeIf(node -> done.containsAll(node.upstream()) && done.add(node));
      if (done.size() == before) {
        throw new IllegalArgumentException(
            "These tasks come after each other in a circle: " + circle(open));
      }
    }
    sorted.addAll(done);
    return List.copyOf(sorted);
  }

  /** Follows the edges up from a task that cannot be ordered until one comes twice. */
  private static String circle(List<Node<?, ?>> open) {
    List<Node<?, ?>> path = new ArrayList<>();
    Node<?, ?> next = open.get(0);
    while (!path.contains(next)) {
      path.add(next);
      next = next.upstream().stream().filter(open::contains).findFirst().orElseThrow();
    }
    List<Node<?, ?>> circle = path.subList(path.indexOf(next), path.size());
    return circle.stream().map(Node::id).collect(Collectors.joining(" after "))
        + " after "
        + next.id();
  }

  private static <K, V> V of(Map<K, V> map, K key) {
    V value = map.get(key);
    if (value == null) {
      throw new IllegalArgumentException("'%s' is of another graph".formatted(key));
    }
    return value;
  }
}
