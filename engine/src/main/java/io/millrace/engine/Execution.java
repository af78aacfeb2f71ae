package io.millrace.engine;

import io.temporal.workflow.CancellationScope;
import io.temporal.workflow.Promise;
import io.temporal.workflow.Workflow;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One execution of an activity or a child run that a task has going on. It can be cancelled apart
 * from all others, and ends only when the activity or the run has ended.
 */
final class Execution {

  private final CancellationScope scope;
  private @Nullable Promise<?> result;

  private Execution(boolean detached, Runnable start) {
    scope =
        detached
            ? Workflow.newDetachedCancellationScope(start)
            : Workflow.newCancellationScope(start);
  }

  /** Takes the end of an execution. */
  @FunctionalInterface
  interface Ended<R> {
    void ended(@Nullable R value, @Nullable RuntimeException failure);
  }

  /**
   * Starts an execution.
   *
   * @param detached whether it goes on when the run is cancelled
   * @param call makes the call; if it throws, nothing was started
   * @param ended called once, when the execution has ended
   */
  static <R> Execution start(boolean detached, Supplier<Promise<R>> call, Ended<R> ended) {
    // The scope's body needs the execution, which needs the scope.
    Execution[] self = new Execution[1];
    Execution execution = new Execution(detached, () -> self[0].result = call.get());
    self[0] = execution;
    execution.scope.run();
    @SuppressWarnings("unchecked") // the promise that the call has returned
    Promise<R> result = (Promise<R>) execution.result;
    if (result == null) {
      throw new IllegalStateException("The call has returned no promise");
    }
    result.handle(
        (value, failure) -> {
          ended.ended(value, failure);
          return null;
        });
    return execution;
  }

  void cancel(String why) {
    scope.cancel(why);
  }
}
