package io.millrace.engine;

import io.temporal.workflow.Functions;

/** A value computed in workflow code from another one. */
final class Derived<S, T> extends Handle<T> {

  private final Handle<S> from;
  private final Functions.Func1<? super S, T> function;

  Derived(Handle<S> from, Functions.Func1<? super S, T> function) {
    this.from = from;
    this.function = function;
  }

  @Override
  Node<?, ?> source() {
    return from.source();
  }

  @Override
  T value() {
    return function.apply(from.value());
  }
}
