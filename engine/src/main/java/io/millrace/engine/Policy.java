package io.millrace.engine;

import io.millrace.engine.payload.Memo;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a task is tried: the counterpart of Airflow's {@code default_args}.
 *
 * @param retry how often, and after what wait
 * @param limits how long
 * @param place where, and before whom
 * @param memo that its result may be kept and used again, or null
 */
public record Policy(Retry retry, Limits limits, Place place, @Nullable Memo memo) {

  public Policy {
    if (place.local && limits.heartbeat != null) {
      throw new IllegalArgumentException("A local task has no heartbeat: it takes too little time");
    }
  }

  /** Two retries after 1 s and 2 s, an hour for a try, the run's own queue. */
  public static final Policy DEFAULT =
      new Policy(
          new Retry(2, Duration.ofSeconds(1), Duration.ofMinutes(1), List.of()),
          new Limits(Duration.ofHours(1), null, null),
          new Place(false, null, null, null, null, 1),
          null);

  /** The priority of a run and of its tasks unless they are given another: the middle of 1 to 5. */
  static final int MIDDLE = 3;

  /**
   * What happens after a try has failed.
   *
   * @param retries tries after the first one; attempts = retries + 1
   * @param delay wait before the first retry; doubles up to {@code maxDelay}. A worker made by
   *     {@link DagWorkers} shortens each by up to a fifth, so that tasks that failed together do
   *     not come back together
   * @param maxDelay the longest wait between two tries
   * @param never failure types that no retry can mend, for example {@code
   *     java.lang.IllegalArgumentException}
   */
  public record Retry(int retries, Duration delay, Duration maxDelay, List<String> never) {
    public Retry {
      if (retries < 0) {
        throw new IllegalArgumentException("retries must be 0 or more, not " + retries);
      }
      requirePositive("retryDelay", delay);
      requirePositive("maxRetryDelay", maxDelay);
      never = List.copyOf(never);
    }
  }

  /**
   * How long a task may take.
   *
   * @param attempt the longest that one try may take
   * @param total the longest from schedule to end over all tries, or null for no limit
   * @param heartbeat a try that is silent for longer is given up, or null for no heartbeat
   */
  public record Limits(Duration attempt, @Nullable Duration total, @Nullable Duration heartbeat) {
    public Limits {
      requirePositive("attemptTimeout", attempt);
    }
  }

  /**
   * Where a task runs.
   *
   * @param local whether it runs inside the run's own worker; see {@link Policy#local}
   * @param taskQueue the queue whose workers run it, or null for the run's own queue
   * @param priority 1 (first) to 5 (last), or null to have it computed from what hangs on the task
   * @param fairnessKey tasks of different keys share the queue fairly, or null for the DAG's name;
   *     the server must have fairness switched on
   * @param pool the pool that limits how many run at once over all runs, or null
   * @param slots how many of the pool's slots it takes
   */
  public record Place(
      boolean local,
      @Nullable String taskQueue,
      @Nullable Integer priority,
      @Nullable String fairnessKey,
      @Nullable String pool,
      int slots) {
    public Place {
      if (priority != null && (priority < 1 || priority > 5)) {
        throw new IllegalArgumentException("priority must be 1 to 5, not " + priority);
      }
      if (slots < 1) {
        throw new IllegalArgumentException("pool slots must be 1 or more, not " + slots);
      }
      if (local && taskQueue != null) {
        throw new IllegalArgumentException(
            "A local task runs in the run's own worker, not on the task queue " + taskQueue);
      }
    }
  }

  public Policy withRetries(int count, Duration firstDelay) {
    Duration longest = retry.maxDelay.compareTo(firstDelay) < 0 ? firstDelay : retry.maxDelay;
    return new Policy(new Retry(count, firstDelay, longest, retry.never), limits, place, memo);
  }

  public Policy withMaxRetryDelay(Duration longest) {
    return new Policy(
        new Retry(retry.retries, retry.delay, longest, retry.never), limits, place, memo);
  }

  /** Names failure types that no retry can mend; see {@link Retry#never}. */
  public Policy withoutRetryOf(String... failureTypes) {
    return new Policy(
        new Retry(retry.retries, retry.delay, retry.maxDelay, List.of(failureTypes)),
        limits,
        place,
        memo);
  }

  public Policy withAttemptTimeout(Duration timeout) {
    return new Policy(retry, new Limits(timeout, limits.total, limits.heartbeat), place, memo);
  }

  public Policy withTotalTimeout(Duration timeout) {
    return new Policy(retry, new Limits(limits.attempt, timeout, limits.heartbeat), place, memo);
  }

  public Policy withHeartbeat(Duration timeout) {
    return new Policy(retry, new Limits(limits.attempt, limits.total, timeout), place, memo);
  }

  public Policy withTaskQueue(String queue) {
    return new Policy(
        retry,
        limits,
        new Place(place.local, queue, place.priority, place.fairnessKey, place.pool, place.slots),
        memo);
  }

  public Policy withPriority(int level) {
    return new Policy(
        retry,
        limits,
        new Place(place.local, place.taskQueue, level, place.fairnessKey, place.pool, place.slots),
        memo);
  }

  public Policy withFairnessKey(String key) {
    return new Policy(
        retry,
        limits,
        new Place(place.local, place.taskQueue, place.priority, key, place.pool, place.slots),
        memo);
  }

  /** Takes slots of a pool, which limits how many run at once over all runs and workers. */
  public Policy withPool(String name, int slots) {
    return new Policy(
        retry,
        limits,
        new Place(place.local, place.taskQueue, place.priority, place.fairnessKey, name, slots),
        memo);
  }

  /**
   * Keeps the task's result, and uses it again for the same inputs, in any run, instead of running
   * the task. Only for activities whose work is what they return; needs workers with a blob store.
   *
   * @param key names the computation and its version: change it with the code
   * @param ttl how long a result may be used
   */
  public Policy withMemo(String key, Duration ttl) {
    return new Policy(retry, limits, place, new Memo(key, ttl));
  }

  /**
   * Runs the task inside the worker that runs the DAG, without asking the server for each: a few
   * milliseconds less and two events less a task. For tasks of less than a second: a worker that is
   * killed does again what was not recorded yet, up to some seconds of them, and no heartbeat says
   * how one stands.
   *
   * @throws IllegalArgumentException if the policy has a task queue or a heartbeat
   */
  public Policy local() {
    return new Policy(
        retry,
        limits,
        new Place(
            true, place.taskQueue, place.priority, place.fairnessKey, place.pool, place.slots),
        memo);
  }

  private static void requirePositive(String name, Duration value) {
    if (value.isZero() || value.isNegative()) {
      throw new IllegalArgumentException(name + " must be positive, not " + value);
    }
  }
}
