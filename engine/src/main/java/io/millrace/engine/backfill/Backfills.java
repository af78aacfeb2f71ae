package io.millrace.engine.backfill;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.millrace.engine.backfill.Backfill.Cancel;
import io.millrace.engine.backfill.Backfill.Reason;
import io.millrace.engine.backfill.BackfillReport.DateReport;
import io.millrace.engine.deployment.Answers;
import io.temporal.api.enums.v1.WorkflowIdConflictPolicy;
import io.temporal.api.enums.v1.WorkflowIdReusePolicy;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowExecutionAlreadyStarted;
import io.temporal.client.WorkflowFailedException;
import io.temporal.client.WorkflowOptions;
import io.temporal.client.WorkflowQueryException;
import io.temporal.client.WorkflowServiceException;
import io.temporal.client.WorkflowStub;
import io.temporal.common.converter.DataConverterException;
import io.temporal.common.converter.RawValue;
import io.temporal.failure.ApplicationFailure;
import io.temporal.worker.Worker;
import io.temporal.worker.WorkflowImplementationOptions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;

/**
 * Starts and steers backfills from outside.
 *
 * <pre>{@code
 * Backfills backfills = new Backfills(client, "millrace");
 * String id = backfills.start(BackfillRequest.of("nightly", timetable, from, to).withMaxActiveRuns(8));
 * backfills.pause(id, "the warehouse is busy", "me");
 * BackfillReport report = backfills.await(id, Duration.ofHours(2));
 * }</pre>
 *
 * <p>Safe for use by many threads.
 */
public final class Backfills {

  private static final int MAX_REPEATS = 1_000;
  private static final Duration PAUSE = Duration.ofMillis(500);
  private static final Duration TAKEN_WITHIN = Duration.ofSeconds(10);
  private static final Duration BETWEEN_LOOKS = Duration.ofMillis(50);

  private final WorkflowClient client;
  private final String taskQueue;

  /**
   * Creates a client.
   *
   * @param taskQueue the queue whose workers know the DAGs and {@link #register backfills}
   */
  public Backfills(WorkflowClient client, String taskQueue) {
    this.client = client;
    this.taskQueue = taskQueue;
  }

  /** Lets a worker run backfills, on the queue of the DAGs' workflows. */
  public static void register(Worker worker, WorkflowClient client) {
    worker.registerWorkflowImplementationTypes(
        WorkflowImplementationOptions.newBuilder()
            .setFailWorkflowExceptionTypes(DataConverterException.class)
            .build(),
        BackfillImpl.class);
    worker.registerActivitiesImplementations(new BackfillActivitiesImpl(client));
  }

  /**
   * Starts a backfill.
   *
   * @return its workflow id, {@code backfill/<dag>/<from>..<to>}, with {@code /2} and so on if that
   *     range was backfilled before
   * @throws IllegalStateException if a backfill of the same range is running
   * @throws IllegalArgumentException if it is to run backwards and the DAG depends on the past, as
   *     its worker says within ten seconds; a worker that is not there yet ends the backfill later
   */
  public String start(BackfillRequest request) {
    String range = "backfill/%s/%s..%s".formatted(request.dag(), request.from(), request.to());
    for (int repeat = 1; repeat <= MAX_REPEATS; repeat++) {
      String id = repeat == 1 ? range : "%s/%d".formatted(range, repeat);
      try {
        client.newUntypedWorkflowStub(Backfill.TYPE, options(id, request)).start(request);
        if (request.runBackwards()) {
          requireTaken(id);
        }
        return id;
      } catch (WorkflowExecutionAlreadyStarted e) {
        if (isRunning(id)) {
          throw new IllegalStateException(
              "The backfill '%s' of the same range is running: wait for it or cancel it"
                  .formatted(id),
              e);
        }
      }
    }
    throw new IllegalStateException(
        "The range of '%s' was backfilled %d times; take another range"
            .formatted(range, MAX_REPEATS));
  }

  /** Waits until a backfill has found nothing wrong with its request, or no worker has looked. */
  private void requireTaken(String id) {
    long deadline = System.nanoTime() + TAKEN_WITHIN.toNanos();
    while (System.nanoTime() < deadline) {
      try {
        Answers.within(TAKEN_WITHIN, () -> describe(id));
        return;
      } catch (WorkflowQueryException | WorkflowServiceException e) {
        if (!isRunning(id)) {
          throw refused(id, e);
        }
      }
      LockSupport.parkNanos(BETWEEN_LOOKS.toNanos());
    }
  }

  private IllegalArgumentException refused(String id, RuntimeException asked) {
    try {
      stub(id).getResult(RawValue.class);
    } catch (WorkflowFailedException e) {
      return new IllegalArgumentException(
          e.getCause() instanceof ApplicationFailure failure
              ? failure.getOriginalMessage()
              : String.valueOf(e.getMessage()),
          e);
    }
    return new IllegalArgumentException("The backfill '%s' has ended at once".formatted(id), asked);
  }

  /**
   * What a backfill would do with each date: {@code PLANNED}, or {@code EXISTING} and why. Asks the
   * server, and starts nothing.
   *
   * @throws IllegalArgumentException if the request is wrong
   */
  public List<DateReport> plan(BackfillRequest request) {
    List<Instant> dates = new ArrayList<>(request.dates());
    if (request.runBackwards()) {
      Collections.reverse(dates);
    }
    return new BackfillPlan(client).of(request, dates);
  }

  /**
   * The same report, in which each date that is running says why it has not ended: what its tasks
   * do or wait for, what failed last, whether a worker is there. For at most {@value
   * WhyOpen#MAX_DATES} dates.
   */
  public BackfillReport explain(BackfillReport report) {
    return new WhyOpen(client).explain(report);
  }

  /**
   * Waits until a backfill has ended.
   *
   * @return its report, also if some runs failed
   * @throws TimeoutException if it has not ended in time; it goes on
   * @throws WorkflowFailedException if it ended without a report: its request was wrong, or it was
   *     cancelled as a workflow or terminated
   */
  public BackfillReport await(String id, Duration limit) throws TimeoutException {
    long deadline = System.nanoTime() + limit.toNanos();
    while (true) {
      long rest = Math.max(1, TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime()));
      try {
        return stub(id).getResult(rest, TimeUnit.MILLISECONDS, BackfillReport.class);
      } catch (WorkflowFailedException e) {
        if (e.getCause() instanceof ApplicationFailure failure
            && failure.getType().equals(BackfillImpl.FAILED)) {
          return failure.getDetails().get(BackfillReport.class);
        }
        throw e;
      } catch (WorkflowServiceException e) {
        if (!isBusy(e)) {
          throw e;
        }
        if (System.nanoTime() > deadline) {
          throw new TimeoutException("The backfill '%s' is too busy to answer".formatted(id));
        }
        LockSupport.parkNanos(PAUSE.toNanos());
      }
    }
  }

  /** A workflow to which much happens at once may have no time for a question. */
  private static boolean isBusy(WorkflowServiceException failure) {
    return failure.getCause() instanceof StatusRuntimeException status
        && status.getStatus().getCode() == Status.Code.RESOURCE_EXHAUSTED;
  }

  /** How a backfill stands; needs a worker. */
  public BackfillReport describe(String id) {
    return stub(id).query("backfill", BackfillReport.class);
  }

  /** Starts no more runs until {@link #resume}; returns a sentence about what was done. */
  public String pause(String id, String reason, String by) {
    return stub(id).update("pause", String.class, new Reason(reason, by));
  }

  /** Goes on after a pause. */
  public String resume(String id) {
    return stub(id).update("resume", String.class);
  }

  /**
   * Starts no more runs.
   *
   * @param keepActive whether those that are active may end in peace
   */
  public String cancel(String id, boolean keepActive, String reason, String by) {
    return stub(id).update("cancel", String.class, new Cancel(keepActive, reason, by));
  }

  /** Changes how many runs are active at the same time. */
  public String setMaxActive(String id, int most) {
    return stub(id).update("setMaxActive", String.class, most);
  }

  private WorkflowOptions options(String id, BackfillRequest request) {
    return WorkflowOptions.newBuilder()
        .setTaskQueue(taskQueue)
        .setWorkflowId(id)
        .setWorkflowIdReusePolicy(WorkflowIdReusePolicy.WORKFLOW_ID_REUSE_POLICY_REJECT_DUPLICATE)
        .setWorkflowIdConflictPolicy(WorkflowIdConflictPolicy.WORKFLOW_ID_CONFLICT_POLICY_FAIL)
        .setStaticSummary("backfill of %s".formatted(request.dag()))
        .build();
  }

  private boolean isRunning(String id) {
    return stub(id).describe().getCloseTime() == null;
  }

  private WorkflowStub stub(String id) {
    return client.newUntypedWorkflowStub(id);
  }
}
