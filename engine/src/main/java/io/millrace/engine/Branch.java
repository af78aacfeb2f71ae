package io.millrace.engine;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Chooses which of the tasks right below it run; the others are skipped, as by Airflow's {@code
 * BranchPythonOperator}. A task that is also below a chosen one is not skipped.
 *
 * <p>Its value is the ids chosen. It is computed in the run and costs no activity. Choosing nothing
 * skips all; the id of a group chooses the group's first tasks; an id that is not right below it
 * fails the branch.
 */
public final class Branch extends Decider<List<String>, Branch> {

  private final Supplier<? extends Collection<String>> choice;
  private List<String> chosen = List.of();
  private @Nullable Set<Node<?, ?>> allowed;

  Branch(String id, Policy policy, Supplier<? extends Collection<String>> choice) {
    super(id, policy);
    this.choice = choice;
  }

  @Override
  Branch self() {
    return this;
  }

  @Override
  List<String> value() {
    return chosen;
  }

  @Override
  void start() {
    try {
      choose(List.copyOf(choice.get()));
    } catch (UnknownChoice e) {
      finish(NodeState.FAILED, String.valueOf(e.getMessage()));
      return;
    }
    finish(NodeState.SUCCESS, chosen.isEmpty() ? "nothing" : String.join(", ", chosen));
  }

  private void choose(List<String> ids) {
    Set<Node<?, ?>> allowedNow = allowedBy(ids);
    chosen = ids;
    allowed = allowedNow;
  }

  /** What may run: the tasks chosen, a group's first tasks, and all below these. */
  private Set<Node<?, ?>> allowedBy(List<String> ids) {
    Graph graph = run().graph();
    Set<String> below = new TreeSet<>();
    graph.downstream(this).forEach(node -> below.add(node.id()));
    List<String> tasks = new ArrayList<>();
    for (String id : ids) {
      List<String> named =
          below.contains(id)
              ? List.of(id)
              : below.stream().filter(graph.membersOf(id)::contains).toList();
      if (named.isEmpty()) {
        throw new UnknownChoice(
            "it chose '%s', which is not right below it; choose of %s".formatted(id, below));
      }
      tasks.addAll(named);
    }
    return graph.withAllBelow(tasks);
  }

  /** A choice of what is not there. */
  private static final class UnknownChoice extends IllegalArgumentException {
    private static final long serialVersionUID = 1;

    UnknownChoice(String message) {
      super(message);
    }
  }

  /** An id, or a list of ids. */
  @Override
  Object valueOf(JsonNode given) {
    List<String> ids = new ArrayList<>();
    (given.isArray() ? given : List.of(given))
        .forEach(id -> ids.add(String.valueOf(Json.<String>readStrictly(id, String.class))));
    try {
      allowedBy(ids);
    } catch (UnknownChoice e) {
      throw new IllegalArgumentException("Branch '%s': %s".formatted(id(), e.getMessage()), e);
    }
    return List.copyOf(ids);
  }

  /** Marked without a choice it excludes nothing, as in Airflow. */
  @Override
  @SuppressWarnings("unchecked") // what valueOf has read
  void take(@Nullable Object value) {
    if (value == null) {
      forget();
    } else {
      choose((List<String>) value);
    }
  }

  @Override
  void forget() {
    chosen = List.of();
    allowed = null;
  }

  @Override
  boolean excludes(Node<?, ?> below) {
    return state() == NodeState.SUCCESS
        && allowed != null
        && !allowed.contains(below)
        && !below.isTeardown();
  }

  @Override
  boolean reachesAllBelow() {
    return false;
  }

  @Override
  String reason() {
    return chosen.isEmpty()
        ? id() + " chose nothing"
        : "%s chose %s".formatted(id(), String.join(", ", chosen));
  }
}
