package io.millrace.engine;

import io.temporal.workflow.Promise;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One activity, or one child run.
 *
 * @param <T> the type of its result
 */
public final class Task<T> extends Node<T, Task<T>> {

  private final Supplier<Promise<T>> call;
  private @Nullable T result;

  Task(String id, Policy policy, CallSite<T> site) {
    super(id, policy);
    this.call = () -> site.call(id, policy());
  }

  /** Makes the call; knows the inputs. */
  @FunctionalInterface
  interface CallSite<T> {
    Promise<T> call(String summary, Policy policy);
  }

  @Override
  Task<T> self() {
    return this;
  }

  @Override
  @SuppressWarnings(
      "NullAway") // a reader whose rule lets it run after a skip gets null, as in Airflow
  T value() {
    return result;
  }

  @Override
  void start() {
    call.get()
        .handle(
            (value, failure) -> {
              if (failure != null) {
                fail(failure);
              } else {
                succeed(value);
              }
              return null;
            });
  }

  private void succeed(T value) {
    result = value;
    if (value instanceof CheckReport check && !check.passed()) {
      finish(NodeState.FAILED, check.explain());
      return;
    }
    finish(NodeState.SUCCESS, describe(value));
  }

  private static String describe(@Nullable Object value) {
    if (value instanceof CheckReport check) {
      return check.explain();
    }
    return value instanceof Summary summary ? summary.summary() : "";
  }
}
