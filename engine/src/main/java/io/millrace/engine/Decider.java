package io.millrace.engine;

/**
 * A task that decides in the run which of those below it may run at all.
 *
 * @param <T> the type of its result
 * @param <S> its own type
 */
abstract sealed class Decider<T, S extends Decider<T, S>> extends Node<T, S>
    permits Branch, ShortCircuit {

  Decider(String id, Policy policy) {
    super(id, policy);
  }

  /** It is decided in the run, and executes nothing. */
  @Override
  final boolean takesOver() {
    return true;
  }

  /** Whether a task below it is skipped by what was decided; false while nothing was. */
  abstract boolean excludes(Node<?, ?> below);

  /** Whether it decides over the whole tree below it and not only over the next tasks. */
  abstract boolean reachesAllBelow();

  /** Why what it excludes is skipped. */
  abstract String reason();
}
