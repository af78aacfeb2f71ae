package io.millrace.engine;

import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;

/**
 * Chooses which of the tasks right below it run; the others are skipped, as by Airflow's {@code
 * BranchPythonOperator}. A task that is also below a chosen one is not skipped.
 *
 * <p>Its value is the ids chosen. It is computed in the run and costs no activity. Choosing nothing
 * skips all; an id that is not right below it fails the branch.
 */
public final class Branch extends Decider<List<String>, Branch> {

  private final Supplier<? extends Collection<String>> choice;
  private List<String> chosen = List.of();
  private Set<Node<?, ?>> allowed = Set.of();

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
    chosen = List.copyOf(choice.get());
    Graph graph = run().graph();
    Set<String> below = new TreeSet<>();
    graph.downstream(this).forEach(node -> below.add(node.id()));
    for (String id : chosen) {
      if (!below.contains(id)) {
        finish(
            NodeState.FAILED,
            "it chose '%s', which is not right below it; choose of %s".formatted(id, below));
        return;
      }
    }
    allowed = graph.withAllBelow(chosen);
    finish(NodeState.SUCCESS, chosen.isEmpty() ? "nothing" : String.join(", ", chosen));
  }

  @Override
  boolean excludes(Node<?, ?> below) {
    return state() == NodeState.SUCCESS && !allowed.contains(below);
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
