package io.millrace.engine.deployment;

import io.grpc.Context;
import io.grpc.Context.CancellableContext;
import io.grpc.Status;
import io.temporal.client.WorkflowNotFoundException;
import io.temporal.client.WorkflowServiceException;
import java.time.Duration;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** Questions that only a worker can answer, so that they may stay unanswered. */
public final class Answers {

  private static final Set<Status.Code> NO_WORKER =
      Set.of(Status.Code.DEADLINE_EXCEEDED, Status.Code.FAILED_PRECONDITION);

  private Answers() {}

  /** Whether a question failed because no worker answers it. */
  public static boolean isWithoutWorker(WorkflowServiceException failure) {
    return NO_WORKER.contains(Status.fromThrowable(failure).getCode());
  }

  /**
   * Whether a workflow is not found because its namespace is not: then nothing is known of it, and
   * "there is none" would be a wrong answer.
   */
  public static boolean isOfNamespace(WorkflowNotFoundException missing) {
    String description = Status.fromThrowable(missing).getDescription();
    return description != null && description.toLowerCase(Locale.ROOT).startsWith("namespace");
  }

  /**
   * Asks, and gives up in time: left alone, the SDK would ask for a minute, or for ever.
   *
   * @return the answer; what the call throws at its deadline is thrown on
   */
  public static <T> T within(Duration limit, Supplier<T> question) {
    ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
    try (CancellableContext context =
        Context.current().withDeadlineAfter(limit.toMillis(), TimeUnit.MILLISECONDS, clock)) {
      Context outer = context.attach();
      try {
        return question.get();
      } finally {
        context.detach(outer);
      }
    } finally {
      clock.shutdownNow();
    }
  }
}
