package io.millrace.engine;

import java.util.Set;

/** What a task can come after: the source of a value, or a whole group. */
public sealed interface Upstream permits Handle, Group {

  /** The tasks that must have ended. */
  Set<Node<?, ?>> ends();
}
