package io.millrace.engine;

import io.temporal.workflow.CancellationScope;
import io.temporal.workflow.Workflow;
import java.time.Duration;

/** Durable timers that can be stopped, without a thread for each. */
final class Timers {

  private Timers() {}

  /**
   * Starts a timer.
   *
   * @param then done when it has run out, and not if it was stopped
   * @return cancel it to stop the timer
   */
  static CancellationScope start(Duration limit, Runnable then) {
    CancellationScope scope = Workflow.newCancellationScope(() -> run(limit, then));
    scope.run();
    return scope;
  }

  private static void run(Duration limit, Runnable then) {
    Workflow.newTimer(limit)
        .handle(
            (fired, stopped) -> {
              if (stopped == null) {
                then.run();
              }
              return null;
            });
  }
}
