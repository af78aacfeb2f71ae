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

  private RecordedCall recorded() {
    return editedArgs == null ? call.get() : call.get().withArgs(editedArgs);
  }

  private PriorRun.Match<T> former(RecordedCall recorded, boolean outdated) {
    return run().calls().<T>former(this, outdated, List.of(recorded), List.of(id())).get(0);
  }

  @Override
  boolean takesOver() {
    return run().calls().isRerun() && former(recorded(), isOutdated()).found();
  }

  @Override
  void start() {
    RecordedCall recorded = recorded();
    PriorRun.Match<T> former = former(recorded, life().isStale());
    if (former.found()) {
      ended(former.value(), null);
      return;
    }
    life().note(former.reason() == null ? null : "ran again: " + former.reason());
    this.<T>execute(recorded, id(), this::ended);
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
  void forget() {
    result = null;
  }

  @Override
  @Nullable Object valueOf(JsonNode given) {
    if (kind == RecordedCall.Kind.TRIGGER) {
      return Json.readStrictly(given, String.class);
    }
    return Json.readStrictly(given, ResultTypes.of(id(), call));
  }

  @Override
  @SuppressWarnings("unchecked") // what valueOf has read
  void take(@Nullable Object value) {
    result = (T) value;
  }
}
