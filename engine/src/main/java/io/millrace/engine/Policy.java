package io.millrace.engine;

import io.temporal.activity.ActivityCancellationType;
import io.temporal.activity.ActivityOptions;
import io.temporal.common.Priority;
import io.temporal.common.RetryOptions;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How a task is tried: the counterpart of Airflow's {@code default_args}.
 *
 * @param retries tries after the first one; attempts = retries + 1
 * @param retryDelay wait before the first retry; doubles up to {@code maxRetryDelay}
 * @param maxRetryDelay the longest wait between two tries
 * @param attemptTimeout the longest that one try may take
 * @param totalTimeout the longest from schedule to end over all tries, or null for no limit
 * @param heartbeatTimeout a try that is silent for longer is given up, or null for no heartbeat
 * @param taskQueue the queue whose workers run it, or null for the run's own queue
 * @param priority 1 (first) to 5 (last); 3 is the default
 */
public record Policy(
    int retries,
    Duration retryDelay,
    Duration maxRetryDelay,
    Duration attemptTimeout,
    @Nullable Duration totalTimeout,
    @Nullable Duration heartbeatTimeout,
    @Nullable String taskQueue,
    int priority) {

  /** Two retries after 1 s and 2 s, an hour for a try, the run's own queue. */
  public static final Policy DEFAULT =
      new Policy(
          2,
          Duration.ofSeconds(1),
          Duration.ofMinutes(1),
          Duration.ofHours(1),
          null,
          null,
          null,
          3);

  public Policy {
    if (retries < 0) {
      throw new IllegalArgumentException("retries must be 0 or more, not " + retries);
    }
    requirePositive("retryDelay", retryDelay);
    requirePositive("maxRetryDelay", maxRetryDelay);
    requirePositive("attemptTimeout", attemptTimeout);
    if (priority < 1 || priority > 5) {
      throw new IllegalArgumentException("priority must be 1 to 5, not " + priority);
    }
  }

  public Policy withRetries(int count, Duration firstDelay) {
    return new Policy(
        count,
        firstDelay,
        maxRetryDelay.compareTo(firstDelay) < 0 ? firstDelay : maxRetryDelay,
        attemptTimeout,
        totalTimeout,
        heartbeatTimeout,
        taskQueue,
        priority);
  }

  public Policy withAttemptTimeout(Duration timeout) {
    return new Policy(
        retries,
        retryDelay,
        maxRetryDelay,
        timeout,
        totalTimeout,
        heartbeatTimeout,
        taskQueue,
        priority);
  }

  public Policy withTotalTimeout(Duration timeout) {
    return new Policy(
        retries,
        retryDelay,
        maxRetryDelay,
        attemptTimeout,
        timeout,
        heartbeatTimeout,
        taskQueue,
        priority);
  }

  public Policy withHeartbeat(Duration timeout) {
    return new Policy(
        retries,
        retryDelay,
        maxRetryDelay,
        attemptTimeout,
        totalTimeout,
        timeout,
        taskQueue,
        priority);
  }

  public Policy withTaskQueue(String queue) {
    return new Policy(
        retries,
        retryDelay,
        maxRetryDelay,
        attemptTimeout,
        totalTimeout,
        heartbeatTimeout,
        queue,
        priority);
  }

  public Policy withPriority(int level) {
    return new Policy(
        retries,
        retryDelay,
        maxRetryDelay,
        attemptTimeout,
        totalTimeout,
        heartbeatTimeout,
        taskQueue,
        level);
  }

  /** The activity options of a task; the summary is what the Web UI's timeline shows. */
  ActivityOptions activityOptions(String summary) {
    ActivityOptions.Builder options =
        ActivityOptions.newBuilder()
            .setSummary(summary)
            .setStartToCloseTimeout(attemptTimeout)
            .setRetryOptions(
                RetryOptions.newBuilder()
                    .setInitialInterval(retryDelay)
                    .setBackoffCoefficient(2)
                    .setMaximumInterval(maxRetryDelay)
                    .setMaximumAttempts(retries + 1)
                    .build())
            .setPriority(Priority.newBuilder().setPriorityKey(priority).build());
    if (totalTimeout != null) {
      options.setScheduleToCloseTimeout(totalTimeout);
    }
    if (heartbeatTimeout != null) {
      // Such a task hears of a cancel, so the run can wait for it to clean up.
      options
          .setHeartbeatTimeout(heartbeatTimeout)
          .setCancellationType(ActivityCancellationType.WAIT_CANCELLATION_COMPLETED);
    }
    if (taskQueue != null) {
      options.setTaskQueue(taskQueue);
    }
    return options.build();
  }

  private static void requirePositive(String name, Duration value) {
    if (value.isZero() || value.isNegative()) {
      throw new IllegalArgumentException(name + " must be positive, not " + value);
    }
  }
}
