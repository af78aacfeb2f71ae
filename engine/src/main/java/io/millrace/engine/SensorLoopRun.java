package io.millrace.engine;

import io.millrace.engine.payload.Memo;
import io.millrace.engine.payload.UnreadablePayloadException;
import io.millrace.engine.pool.Lease;
import io.millrace.engine.pool.RunPools;
import io.temporal.api.enums.v1.RetryState;
import io.temporal.common.converter.RawValue;
import io.temporal.failure.ActivityFailure;
import io.temporal.failure.ApplicationFailure;
import io.temporal.failure.CanceledFailure;
import io.temporal.workflow.ActivityStub;
import io.temporal.workflow.Async;
import io.temporal.workflow.CancellationScope;
import io.temporal.workflow.ExternalWorkflowStub;
import io.temporal.workflow.Promise;
import io.temporal.workflow.Workflow;
import io.temporal.workflow.WorkflowInfo;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Pokes again and again; between two pokes it holds no slot of a pool, and no worker slot. */
public final class SensorLoopRun implements SensorLoop {

  private final RunPools pools = new RunPools();

  /** One timer a run for the deadline, not one a poke. */
  private @Nullable Promise<Void> timeUp;

  @Override
  public @Nullable RawValue run(Watch watch) {
    Progress progress = watch.progress();
    try {
      return loop(watch, progress == null ? Progress.begin(watch.pace()) : progress);
    } finally {
      // However it ends: found, failed, cancelled or continued, nothing is held any more.
      pools.close();
    }
  }

  private @Nullable RawValue loop(Watch watch, Progress begin) {
    Progress progress = begin;
    while (true) {
      Lease lease = pools.acquire(watch.claim());
      try {
        awaitSlot(lease, progress);
        progress = begun(watch, progress);
        return poke(watch, progress);
      } catch (ActivityFailure e) {
        requireRetryable(watch, e);
        progress = after(watch.pace(), progress, e);
      } finally {
        lease.release();
      }
      sleep(progress);
      if (isHistoryLong(watch)) {
        pools.carry();
        Workflow.continueAsNew(watch.withProgress(progress));
      }
    }
  }

  /** Waits for the slot, but not past the deadline. */
  private void awaitSlot(Lease lease, Progress progress) {
    if (timeUp == null && progress.deadline() != null) {
      requireTimeLeft(progress);
      timeUp = Workflow.newTimer(left(progress));
    }
    Workflow.await(() -> lease.granted().isCompleted() || isTimeUp());
    if (!lease.granted().isCompleted()) {
      throw outOfTime(progress);
    }
    lease.granted().get();
  }

  /** The first slot starts the clock. */
  private Progress begun(Watch watch, Progress progress) {
    if (progress.deadline() != null) {
      return progress;
    }
    Workflow.getInfo().getParentWorkflowId().ifPresent(parent -> signal(parent, watch));
    return progress.until(now().plus(watch.pace().limit()));
  }

  /** Tells the parent once; one that has ended meanwhile need not know. */
  private static void signal(String parent, Watch watch) {
    ExternalWorkflowStub run = Workflow.newUntypedExternalWorkflowStub(parent);
    Promise<Void> unused =
        Async.procedure(() -> run.signal(BEGAN, new Began(watch.taskId(), watch.round())))
            .handle((sent, failure) -> null);
  }

  private @Nullable RawValue poke(Watch watch, Progress progress) {
    requireTimeLeft(progress);
    Policy once =
        watch.policy().withRetries(0, watch.pace().interval()).withTotalTimeout(left(progress));
    ActivityStub stub =
        once.place().local()
            ? Workflow.newUntypedLocalActivityStub(TaskOptions.local(once, watch.taskId()))
            : Workflow.newUntypedActivityStub(
                TaskOptions.remote(once, watch.taskId(), watch.priority(), watch.dag()));
    Object[] args = watch.args().stream().map(Arg::raw).toArray();
    return Memo.during(once.memo(), () -> stub.executeAsync(watch.activity(), RawValue.class, args))
        .get();
  }

  /** Passes on what another poke would not change. */
  private static void requireRetryable(Watch watch, ActivityFailure failure) {
    if (CancellationScope.current().isCancelRequested()) {
      throw new CanceledFailure("sensor '%s' was cancelled".formatted(watch.taskId()));
    }
    boolean lasting =
        failure.getRetryState() == RetryState.RETRY_STATE_NON_RETRYABLE_FAILURE
            || Failures.isCancel(failure)
            || Failures.isOfType(failure, UnreadablePayloadException.class.getName())
            || watch.policy().retry().never().stream()
                .anyMatch(type -> Failures.isOfType(failure, type))
            || (failure.getCause() instanceof ApplicationFailure cause && cause.isNonRetryable());
    if (lasting) {
      throw failure;
    }
  }

  /** A poke that timed out is one that found nothing. */
  private static Progress after(Pace pace, Progress progress, ActivityFailure failure) {
    boolean waits = Failures.isOfType(failure, NotReady.TYPE) || Failures.isTimeout(failure);
    String type =
        !waits && failure.getCause() instanceof ApplicationFailure cause
            ? cause.getType()
            : NotReady.TYPE;
    Duration pause = progress.pokes() == 0 ? pace.interval() : pace.after(progress.pause());
    return new Progress(
        progress.deadline(), pause, progress.pokes() + 1, type, Failures.reasonOf(failure));
  }

  private void sleep(Progress progress) {
    Duration left = left(progress);
    Duration pause = progress.pause().compareTo(left) < 0 ? progress.pause() : left;
    Workflow.setCurrentDetails(
        "poke %d: %s; next at %s"
            .formatted(progress.pokes(), progress.reason(), now().plus(pause)));
    if (pause.toMillis() > 0) {
      Workflow.sleep(pause);
    }
    requireTimeLeft(progress);
  }

  private static void requireTimeLeft(Progress progress) {
    if (left(progress).toMillis() < 1) {
      throw outOfTime(progress);
    }
  }

  private static ApplicationFailure outOfTime(Progress progress) {
    return ApplicationFailure.newNonRetryableFailure(progress.reason(), progress.type());
  }

  private boolean isTimeUp() {
    return timeUp != null && timeUp.isCompleted();
  }

  private static Duration left(Progress progress) {
    Instant deadline = progress.deadline();
    return deadline == null ? Duration.ZERO : Duration.between(now(), deadline);
  }

  private static boolean isHistoryLong(Watch watch) {
    WorkflowInfo info = Workflow.getInfo();
    return info.isContinueAsNewSuggested()
        || (watch.maxEvents() > 0 && info.getHistoryLength() > watch.maxEvents());
  }

  private static Instant now() {
    return Instant.ofEpochMilli(Workflow.currentTimeMillis());
  }
}
