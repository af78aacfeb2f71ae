package io.millrace.engine;

import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Tasks that belong together, as Airflow's {@code TaskGroup}: their ids begin with the group's, and
 * an edge to or from the group is one to its first or from its last tasks.
 */
public final class Group implements Upstream {

  private final Set<Node<?, ?>> nodes;

  Group(List<Node<?, ?>> nodes) {
    this.nodes = Collections.unmodifiableSet(new LinkedHashSet<>(nodes));
  }

  /** Lets the group's first tasks come after others. */
  public Group after(Upstream... others) {
    List<Node<?, ?>> roots =
        nodes.stream().filter(node -> Collections.disjoint(node.upstream(), nodes)).toList();
    roots.forEach(root -> root.after(others));
    return this;
  }

  /** The group's last tasks: those that no task of the group comes after, but for teardowns. */
  @Override
  public Set<Node<?, ?>> ends() {
    Set<Node<?, ?>> ends = new LinkedHashSet<>(nodes);
    nodes.forEach(
        node -> {
          if (node.isTeardown()) {
            ends.remove(node);
          } else {
            ends.removeAll(node.upstream());
          }
        });
    return ends;
  }
}
