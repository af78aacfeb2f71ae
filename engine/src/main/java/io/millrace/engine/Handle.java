package io.millrace.engine;

import io.temporal.workflow.Functions;

/**
 * A value that a task will have when it has succeeded.
 *
 * <p>Passing a handle to another task makes the edge between the two, as in Airflow's TaskFlow.
 *
 * @param <T> the type of the value; null if the task was skipped and the reader's rule allows that
 */
public abstract sealed class Handle<T> permits Node, Derived {

  /** The task that makes the value. */
  abstract Node<?, ?> source();

  /** The value, once the source has ended. */
  abstract T value();

  /**
   * Returns a handle on something computed from the value, without a task of its own.
   *
   * @param function pure and fast; runs in workflow code, so it must be deterministic
   */
  public <R> Handle<R> derive(Functions.Func1<? super T, R> function) {
    return new Derived<>(this, function);
  }
}
