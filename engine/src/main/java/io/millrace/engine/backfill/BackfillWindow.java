package io.millrace.engine.backfill;

import io.millrace.engine.backfill.BackfillActivities.Outcome;
import io.millrace.engine.backfill.BackfillReport.DateState;
import io.millrace.engine.schedule.ScheduledRun;
import io.millrace.engine.schedule.ScheduledRun.Before;
import io.temporal.activity.ActivityOptions;
import io.temporal.api.common.v1.WorkflowExecution;
import io.temporal.api.enums.v1.ParentClosePolicy;
import io.temporal.client.WorkflowExecutionAlreadyStarted;
import io.temporal.common.Priority;
import io.temporal.common.RetryOptions;
import io.temporal.common.SearchAttributeKey;
import io.temporal.common.SearchAttributes;
import io.temporal.common.converter.RawValue;
import io.temporal.failure.ActivityFailure;
import io.temporal.failure.ApplicationFailure;
import io.temporal.failure.CanceledFailure;
import io.temporal.failure.ChildWorkflowFailure;
import io.temporal.failure.TemporalFailure;
import io.temporal.workflow.CancelExternalWorkflowException;
import io.temporal.workflow.CancellationScope;
import io.temporal.workflow.ChildWorkflowOptions;
import io.temporal.workflow.ChildWorkflowStub;
import io.temporal.workflow.Workflow;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The runs of a backfill that are active. */
final class BackfillWindow {

  private static final SearchAttributeKey<OffsetDateTime> SCHEDULED_START =
      SearchAttributeKey.forOffsetDateTime("TemporalScheduledStartTime");
  private static final SearchAttributeKey<String> SCHEDULED_BY =
      SearchAttributeKey.forKeyword("TemporalScheduledById");

  /** Below that of scheduled runs, which have 3. */
  private static final int PRIORITY = 5;

  private final BackfillRequest request;
  private final BackfillState book;
  private final Runnable changed;
  private final Map<Integer, Runnable> active = new TreeMap<>();
  private int starting;
  private int started;

  BackfillWindow(BackfillRequest request, BackfillState book, Runnable changed) {
    this.request = request;
    this.book = book;
    this.changed = changed;
  }

  int size() {
    return active.size();
  }

  /** How many runs were started in this history. */
  int started() {
    return started;
  }

  /** Whether the server has not confirmed some start yet. */
  boolean isStarting() {
    return starting > 0;
  }

  /** Starts the run of a date; its end is written into the book. */
  void start(int index) {
    ChildWorkflowStub child = Workflow.newUntypedChildWorkflowStub(request.dag(), options(index));
    Object[] input = request.params() == null ? new Object[0] : new Object[] {request.params()};
    book.set(index, DateState.RUNNING, "");
    started++;
    starting++;
    // Detached: a cancel of the backfill reaches its runs through us alone.
    CancellationScope scope =
        Workflow.newDetachedCancellationScope(
            () -> {
              child
                  .executeAsync(RawValue.class, input)
                  .handle(
                      (result, failure) -> {
                        ended(index, failure == null ? Outcome.of(result) : outcome(failure));
                        return null;
                      });
              child
                  .getExecution()
                  .handle(
                      (execution, failure) -> {
                        starting--;
                        changed.run();
                        return null;
                      });
            });
    active.put(index, scope::cancel);
    scope.run();
  }

  /** Waits again for the runs that an earlier part of the history started. */
  void rejoin() {
    for (int index : book.running()) {
      String runId = book.runId(index);
      active.put(index, () -> cancel(runId));
      Workflow.newDetachedCancellationScope(() -> watch(index, runId)).run();
    }
  }

  /** Asks every active run to stop. */
  void cancelAll() {
    Workflow.newDetachedCancellationScope(() -> List.copyOf(active.values()).forEach(Runnable::run))
        .run();
  }

  private void watch(int index, String runId) {
    Workflow.newUntypedActivityStub(
            ActivityOptions.newBuilder()
                .setStartToCloseTimeout(Duration.ofSeconds(30))
                .setRetryOptions(
                    RetryOptions.newBuilder()
                        .setInitialInterval(Duration.ofMillis(200))
                        .setBackoffCoefficient(1.5)
                        .setMaximumInterval(Duration.ofSeconds(10))
                        .build())
                .setSummary(runId)
                .build())
        .executeAsync("millrace_backfill_outcome", Outcome.class, runId)
        .handle(
            (outcome, failure) -> {
              ended(index, failure == null ? outcome : outcome(failure));
              return null;
            });
  }

  private static void cancel(String runId) {
    try {
      Workflow.newUntypedExternalWorkflowStub(
              WorkflowExecution.newBuilder().setWorkflowId(runId).build())
          .cancel();
    } catch (CancelExternalWorkflowException e) {
      // It has ended meanwhile; the watch will say how.
      Workflow.getLogger(BackfillWindow.class).info("{} cannot be cancelled", runId);
    }
  }

  private void ended(int index, Outcome outcome) {
    active.remove(index);
    book.set(index, outcome.state(), outcome.reason());
    changed.run();
  }

  private ChildWorkflowOptions options(int index) {
    Instant date = book.date(index);
    String backfill = Workflow.getInfo().getWorkflowId();
    return ChildWorkflowOptions.newBuilder()
        .setWorkflowId(book.runId(index))
        .setWorkflowIdReusePolicy(Objects.requireNonNull(request.reprocess()).policy())
        .setParentClosePolicy(ParentClosePolicy.PARENT_CLOSE_POLICY_ABANDON)
        .setPriority(Priority.newBuilder().setPriorityKey(PRIORITY).build())
        .setStaticSummary("%s (backfill)".formatted(request.dag()))
        .setStaticDetails("started by " + backfill)
        .setTypedSearchAttributes(
            SearchAttributes.newBuilder()
                .set(SCHEDULED_START, date.atOffset(ZoneOffset.UTC))
                .set(SCHEDULED_BY, request.dag())
                .build())
        .setMemo(
            Map.of(
                ScheduledRun.MEMO,
                ScheduledRun.ofBackfill(
                    Objects.requireNonNull(request.timetable()), backfill, before(index))))
        .build();
  }

  /** Runs start in the order of the book, so that the one before a run is on its way before it. */
  private Before before(int index) {
    if (request.runBackwards() && book.total() > 1) {
      return Before.LATER;
    }
    return index == 0 ? Before.NONE : Before.ADJACENT;
  }

  private static Outcome outcome(Throwable failure) {
    Throwable cause =
        failure instanceof ChildWorkflowFailure || failure instanceof ActivityFailure
            ? failure.getCause()
            : failure;
    if (cause instanceof WorkflowExecutionAlreadyStarted) {
      return new Outcome(DateState.EXISTING, "");
    }
    if (cause instanceof CanceledFailure) {
      return new Outcome(DateState.CANCELLED, "");
    }
    return new Outcome(DateState.FAILED, message(cause == null ? failure : cause));
  }

  private static String message(@Nullable Throwable cause) {
    if (cause instanceof ApplicationFailure application) {
      return "%s: %s".formatted(application.getType(), application.getOriginalMessage());
    }
    if (cause instanceof TemporalFailure temporal && temporal.getOriginalMessage() != null) {
      return "%s: %s".formatted(cause.getClass().getSimpleName(), temporal.getOriginalMessage());
    }
    return cause == null ? "unknown" : cause.getClass().getSimpleName();
  }
}
