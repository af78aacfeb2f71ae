package io.millrace.engine;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One activity, or one child run.
 *
 * @param <T> the type of its result
 */
public final class Task<T> extends Node<T, Task<T>> {

  private final RecordedCall.Kind kind;
  private final Supplier<RecordedCall> call;
  private @Nullable List<JsonNode> editedArgs;
  private @Nullable T result;

  Task(String id, Policy policy, RecordedCall.Kind kind, Supplier<RecordedCall> call) {
    super(id, policy);
    this.kind = kind;
    this.call = call;
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

  /** What its call becomes. */
  RecordedCall.Kind kind() {
    return kind;
  }

  /** Takes other arguments than the DAG gives, from the next start on. */
  void editArgs(List<JsonNode> args) {
    editedArgs = args;
  }

  @Override
  void start() {
    RecordedCall recorded = editedArgs == null ? call.get() : call.get().withArgs(editedArgs);
    int round = life().round();
    run()
        .calls()
        .<T>make(this, recorded, id())
        .handle(
            (value, failure) -> {
              if (round == life().round()) {
                ended(value, failure);
              }
              return null;
            });
  }

  private void ended(@Nullable T value, @Nullable RuntimeException failure) {
    if (failure != null) {
      fail(failure);
      return;
    }
    result = value;
    boolean passed = !(value instanceof CheckReport check) || check.passed();
    finish(passed ? NodeState.SUCCESS : NodeState.FAILED, describe(value));
  }

  @Override
  void forget(boolean keepsWhatSucceeded) {
    result = null;
  }

  @Override
  void mark(NodeState end, @Nullable JsonNode given, String what) {
    T value = given == null ? null : Json.read(given, call.get().resultType());
    super.mark(end, null, what);
    result = value;
  }
}
