package io.millrace.engine;

import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.function.Supplier;

/** A value computed in workflow code from others. */
final class Derived<T> extends Handle<T> {

  private final Set<Node<?, ?>> sources;
  private final Supplier<T> value;

  Derived(Set<Node<?, ?>> sources, Supplier<T> value) {
    this.sources = sources;
    this.value = value;
  }

  @Override
  Set<Node<?, ?>> sources() {
    return sources;
  }

  @Override
  T value() {
    return value.get();
  }

  static Set<Node<?, ?>> union(Set<Node<?, ?>> first, Set<Node<?, ?>> second) {
    Set<Node<?, ?>> union = new LinkedHashSet<>(first);
    union.addAll(second);
    return Collections.unmodifiableSet(union);
  }
}
