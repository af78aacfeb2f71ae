package io.millrace.engine;

import java.lang.reflect.Type;
import java.util.function.Supplier;

/** The type of a task's result, for values that a person gives. */
final class ResultTypes {

  private ResultTypes() {}

  /**
   * The type of what a task's call returns.
   *
   * @throws IllegalArgumentException if that cannot be known yet
   */
  static Type of(String taskId, Supplier<RecordedCall> call) {
    try {
      return call.get().resultType();
    } catch (RuntimeException e) {
      // The call is built from results that are not there yet.
      throw new IllegalArgumentException(
          ("A value for '%s' cannot be checked before the tasks that it takes results from have"
                  + " ended; mark it without a value, or those first")
              .formatted(taskId),
          e);
    }
  }
}
