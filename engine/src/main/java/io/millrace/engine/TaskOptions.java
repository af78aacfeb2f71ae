package io.millrace.engine;

import io.millrace.engine.payload.UnreadablePayloadException;
import io.temporal.activity.ActivityCancellationType;
import io.temporal.activity.ActivityOptions;
import io.temporal.activity.LocalActivityOptions;
import io.temporal.common.Priority;
import io.temporal.common.RetryOptions;
import java.util.stream.Stream;

/** A policy in Temporal's words. */
final class TaskOptions {

  private TaskOptions() {}

  /**
   * The options of a task's activity.
   *
   * @param summary what the Web UI's timeline shows
   * @param computedPriority taken unless the policy has its own
   * @param dag the fairness key, unless the policy has its own
   */
  static ActivityOptions remote(Policy policy, String summary, int computedPriority, String dag) {
    Policy.Limits limits = policy.limits();
    Policy.Place place = policy.place();
    ActivityOptions.Builder options =
        ActivityOptions.newBuilder()
            .setSummary(summary)
            .setStartToCloseTimeout(limits.attempt())
            .setRetryOptions(retry(policy.retry()))
            // The run knows of each execution when it has really ended: none is started beside it.
            .setCancellationType(ActivityCancellationType.WAIT_CANCELLATION_COMPLETED)
            .setPriority(
                Priority.newBuilder()
                    .setPriorityKey(place.priority() == null ? computedPriority : place.priority())
                    .setFairnessKey(place.fairnessKey() == null ? dag : place.fairnessKey())
                    .build());
    if (limits.total() != null) {
      options.setScheduleToCloseTimeout(limits.total());
    }
    if (limits.heartbeat() != null) {
      options.setHeartbeatTimeout(limits.heartbeat());
    }
    if (place.taskQueue() != null) {
      options.setTaskQueue(place.taskQueue());
    }
    return options.build();
  }

  /** The options of a task that runs in the run's own worker. */
  static LocalActivityOptions local(Policy policy, String summary) {
    LocalActivityOptions.Builder options =
        LocalActivityOptions.newBuilder()
            .setSummary(summary)
            .setStartToCloseTimeout(policy.limits().attempt())
            .setRetryOptions(retry(policy.retry()));
    if (policy.limits().total() != null) {
      options.setScheduleToCloseTimeout(policy.limits().total());
    }
    return options.build();
  }

  static RetryOptions retry(Policy.Retry retry) {
    return RetryOptions.newBuilder()
        .setInitialInterval(retry.delay())
        .setBackoffCoefficient(2)
        .setMaximumInterval(retry.maxDelay())
        .setMaximumAttempts(retry.retries() + 1)
        .setDoNotRetry(
            Stream.concat(
                    retry.never().stream(), Stream.of(UnreadablePayloadException.class.getName()))
                .toArray(String[]::new))
        .build();
  }
}
