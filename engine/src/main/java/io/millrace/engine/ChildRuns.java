package io.millrace.engine;

import io.temporal.api.enums.v1.ParentClosePolicy;
import io.temporal.api.enums.v1.TimeoutType;
import io.temporal.common.Priority;
import io.temporal.failure.ApplicationFailure;
import io.temporal.failure.CanceledFailure;
import io.temporal.failure.TimeoutFailure;
import io.temporal.workflow.CancellationScope;
import io.temporal.workflow.ChildWorkflowOptions;
import io.temporal.workflow.ChildWorkflowStub;
import io.temporal.workflow.CompletablePromise;
import io.temporal.workflow.Promise;
import io.temporal.workflow.Workflow;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Child runs, as their task's policy says.
 *
 * <p>A child run that fails is started again, up to the policy's retries, with the same arguments
 * and an id of its own: {@code <run>/<task>}, then {@code <run>/<task>~2} and so on, so that the
 * history of each attempt stays. A run that was cancelled or terminated, that skips, that was
 * refused for its input, or whose failure says that no retry helps, is not. An attempt that takes
 * longer than its attempt timeout, or than what is left of the total timeout, is cancelled: its
 * teardowns run, and then it counts as failed. On a task queue of its own, which may have no worker
 * to cancel it, one that has not ended after as long again, and at least five minutes, is ended by
 * the server. Task queue, priority and fairness key are the child run's; unless they are set, it
 * has those of this run.
 *
 * <p>A triggered run outlives this one, so that its policy can say only where it runs.
 */
final class ChildRuns {

  /** Marks runs that follow the policies of their child runs; earlier releases did not. */
  private static final String VERSION = "child-run-policy";

  private static final Duration MIN_GRACE = Duration.ofMinutes(5);

  /** What another attempt would end with again. */
  private static final Set<String> FINAL =
      Set.of(
          Params.INVALID,
          DagWorkflow.INVALID_DAG,
          DagWorkflow.INVALID_RUN,
          UnknownDag.TYPE,
          TaskSkipped.TYPE);

  private ChildRuns() {}

  /**
   * Refuses what a child run cannot honour, if its task asks for it; what it has from the DAG's or
   * a group's defaults is for the activities among them.
   *
   * @throws IllegalArgumentException naming the task and the setting
   */
  static void check(Collection<? extends Node<?, ?>> nodes) {
    for (Node<?, ?> node : nodes) {
      boolean triggered = node instanceof Task<?> task && task.kind() == RecordedCall.Kind.TRIGGER;
      boolean child =
          triggered
              || (node instanceof Task<?> task && task.kind() == RecordedCall.Kind.CHILD)
              || (node instanceof Mapped<?, ?> mapped && mapped.ofRuns());
      if (child && node.hasOwnPolicy()) {
        check(node.id(), node.policy(), triggered);
      }
    }
  }

  private static void check(String id, Policy policy, boolean triggered) {
    Policy.Limits limits = policy.limits();
    refuse(limits.heartbeat() != null, id, "a heartbeat", "its own tasks have theirs");
    refuse(policy.place().local(), id, "local()", "a run is not an activity");
    refuse(policy.memo() != null, id, "a memo", "give it to the child's tasks");
    if (triggered) {
      String why = "it is not awaited: its own DAG says how it is tried and how long it may take";
      refuse(policy.setsRetry(), id, "retries", why);
      refuse(limits.childAttempt() != null, id, "an attempt timeout", why);
      refuse(limits.total() != null, id, "a total timeout", why);
    }
  }

  private static void refuse(boolean set, String id, String what, String why) {
    if (set) {
      throw new IllegalArgumentException(
          "Task '%s' starts a run, which cannot have %s: %s".formatted(id, what, why));
    }
  }

  /**
   * To be called in the run's main thread before {@link #start}: tells a run that an earlier
   * release began from a new one.
   */
  static void begin(RecordedCall call, Policy policy) {
    if (call.kind() == RecordedCall.Kind.CHILD && asks(policy)) {
      version();
    }
  }

  private static boolean asks(Policy policy) {
    return policy.childRetry().retries() > 0
        || policy.limits().childAttempt() != null
        || policy.limits().total() != null;
  }

  private static int version() {
    return Workflow.getVersion(VERSION, Workflow.DEFAULT_VERSION, 1);
  }

  /**
   * Starts a run.
   *
   * @param summary what the Web UI's timeline shows, {@code task} or {@code task[item]}
   * @return the child's result, or of a triggered run its id as soon as it has started
   */
  @SuppressWarnings("unchecked") // the recorded method returns R
  static <R> Promise<R> start(RecordedCall call, String summary, Policy policy) {
    if (call.kind() == RecordedCall.Kind.TRIGGER) {
      return (Promise<R>) trigger(call, summary, policy);
    }
    if (!asks(policy) || version() == Workflow.DEFAULT_VERSION) {
      return (Promise<R>) execute(call, summary, policy, 1, null);
    }
    return (Promise<R>) new Attempts(call, summary, policy).first();
  }

  /** Ends when the run has started; its end does not matter here. */
  private static Promise<String> trigger(RecordedCall call, String summary, Policy policy) {
    ChildWorkflowStub run =
        Workflow.newUntypedChildWorkflowStub(
            call.type(),
            options(summary, policy)
                .setWorkflowId(id(summary, 1))
                .setParentClosePolicy(ParentClosePolicy.PARENT_CLOSE_POLICY_ABANDON)
                .build());
    var unused =
        run.executeAsync(call.resultClass(), call.resultType(), call.args().toArray())
            .handle((value, failure) -> null);
    return run.getExecution().thenApply(execution -> execution.getWorkflowId());
  }

  /** A child run of the engine's own, in this run's queue. */
  static ChildWorkflowStub stub(String type, String summary, ParentClosePolicy whenThisRunEnds) {
    return Workflow.newUntypedChildWorkflowStub(
        type,
        ChildWorkflowOptions.newBuilder()
            .setWorkflowId(id(summary, 1))
            .setStaticSummary(summary)
            .setParentClosePolicy(whenThisRunEnds)
            .build());
  }

  private static Promise<?> execute(
      RecordedCall call, String summary, Policy policy, int attempt, @Nullable Duration limit) {
    ChildWorkflowOptions.Builder options =
        options(summary, policy)
            .setWorkflowId(id(summary, attempt))
            .setParentClosePolicy(ParentClosePolicy.PARENT_CLOSE_POLICY_REQUEST_CANCEL);
    if (limit != null && policy.place().taskQueue() != null) {
      options.setWorkflowRunTimeout(limit.plus(limit.compareTo(MIN_GRACE) > 0 ? limit : MIN_GRACE));
    }
    return Workflow.newUntypedChildWorkflowStub(call.type(), options.build())
        .executeAsync(call.resultClass(), call.resultType(), call.args().toArray());
  }

  private static ChildWorkflowOptions.Builder options(String summary, Policy policy) {
    Policy.Place place = policy.place();
    ChildWorkflowOptions.Builder options =
        ChildWorkflowOptions.newBuilder().setStaticSummary(summary);
    if (place.taskQueue() != null) {
      options.setTaskQueue(place.taskQueue());
    }
    if (place.priority() != null || place.fairnessKey() != null) {
      Priority own = Workflow.getInfo().getPriority();
      Priority.Builder priority =
          Priority.newBuilder()
              .setPriorityKey(place.priority() == null ? own.getPriorityKey() : place.priority());
      String key = place.fairnessKey() == null ? own.getFairnessKey() : place.fairnessKey();
      if (key != null) {
        priority.setFairnessKey(key);
      }
      options.setPriority(priority.build());
    }
    return options;
  }

  /** The id of an attempt's run. */
  static String id(String summary, int attempt) {
    String id = Workflow.getInfo().getWorkflowId() + "/" + summary;
    return attempt == 1 ? id : "%s~%d".formatted(id, attempt);
  }

  /** Whether another attempt may succeed. */
  static boolean isWorthRetry(Throwable failure, Policy.Retry retry) {
    Throwable root = Failures.rootOf(failure);
    if (root instanceof TimeoutFailure) {
      return true;
    }
    if (!(root instanceof ApplicationFailure application)) {
      return false; // cancelled, terminated, or it could not be started
    }
    String type = application.getType();
    return !FINAL.contains(type)
        && !retry.never().contains(type)
        // A DAG's run is final for itself, and not for the task that it is here.
        && (type.equals(DagRun.FAILED) || !application.isNonRetryable());
  }

  /** One after another, until one succeeds. */
  private static final class Attempts {

    private final RecordedCall call;
    private final String summary;
    private final Policy policy;
    private final CompletablePromise<Object> result = Workflow.newPromise();
    private final @Nullable Instant deadline;
    private @Nullable CancellationScope active;
    private boolean cancelled;
    private int attempt = 1;

    Attempts(RecordedCall call, String summary, Policy policy) {
      this.call = call;
      this.summary = summary;
      this.policy = policy;
      Duration total = policy.limits().total();
      this.deadline = total == null ? null : DagRun.now().plus(total);
    }

    Promise<Object> first() {
      // Later attempts begin in another thread, where the scope is not that of the task.
      CancellationScope.current()
          .getCancellationRequest()
          .thenApply(
              reason -> {
                cancelled = true;
                if (active != null) {
                  active.cancel(reason);
                }
                return null;
              });
      if (cancelled) {
        result.completeExceptionally(new CanceledFailure("cancelled before its run began"));
      } else {
        next();
      }
      return result;
    }

    private void next() {
      Duration left = deadline == null ? null : Duration.between(DagRun.now(), deadline);
      Duration each = policy.limits().childAttempt();
      boolean last = left != null && (each == null || left.compareTo(each) < 0);
      Duration limit = last ? left : each;
      CancellationScope child = Workflow.newDetachedCancellationScope(() -> begin(limit, last));
      active = child;
      child.run();
    }

    private void begin(@Nullable Duration limit, boolean last) {
      boolean[] late = {false};
      CancellationScope child = CancellationScope.current();
      CancellationScope timer =
          limit == null
              ? null
              : Timers.start(
                  limit,
                  () -> {
                    late[0] = true;
                    child.cancel("it took longer than " + limit);
                  });
      execute(call, summary, policy, attempt, limit)
          .handle(
              (value, failure) -> {
                if (timer != null && !late[0]) {
                  timer.cancel();
                }
                ended(value, failure != null && late[0] ? timeout(last) : failure);
                return null;
              });
    }

    private static RuntimeException timeout(boolean total) {
      return new TimeoutFailure(
          null,
          null,
          total
              ? TimeoutType.TIMEOUT_TYPE_SCHEDULE_TO_CLOSE
              : TimeoutType.TIMEOUT_TYPE_START_TO_CLOSE);
    }

    private void ended(@Nullable Object value, @Nullable RuntimeException failure) {
      if (failure == null) {
        result.complete(value);
        return;
      }
      Policy.Retry retry = policy.childRetry();
      Duration delay = RetryJitter.shortened(TaskOptions.retry(retry), id(summary, 1), attempt);
      boolean inTime = deadline == null || DagRun.now().plus(delay).isBefore(deadline);
      if (cancelled || attempt > retry.retries() || !inTime || !isWorthRetry(failure, retry)) {
        result.completeExceptionally(failure);
        return;
      }
      attempt++;
      waitAndStart(delay);
    }

    private void waitAndStart(Duration delay) {
      CancellationScope waiting =
          Workflow.newDetachedCancellationScope(
              () ->
                  Workflow.newTimer(delay)
                      .handle(
                          (passed, stopped) -> {
                            if (cancelled) {
                              result.completeExceptionally(
                                  new CanceledFailure("cancelled before another attempt"));
                            } else {
                              next();
                            }
                            return null;
                          }));
      active = waiting;
      waiting.run();
    }
  }
}
