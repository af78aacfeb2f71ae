package io.millrace.engine;

import io.millrace.engine.payload.Memo;
import io.temporal.common.RetryOptions;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a task is tried: the counterpart of Airflow's {@code default_args}.
 *
 * <p>A child run follows the policy as an activity does, but for its defaults: unless they are set,
 * there is no retry and no attempt timeout, because the child's own tasks have theirs. See {@link
 * ChildRuns}.
 *
 * @param retry how often, and after what wait
 * @param limits how long
 * @param place where, and before whom
 * @param memo that its result may be kept and used again, or null
 * @param past what it asks of the run before
 */
public record Policy(
    @Nullable Retry retry, Limits limits, Place place, @Nullable Memo memo, Past past) {

  private static final Retry RETRY =
      new Retry(2, Duration.ofSeconds(1), Duration.ofMinutes(1), List.of());
  private static final Retry NO_RETRY =
      new Retry(0, Duration.ofSeconds(1), Duration.ofMinutes(1), List.of());
  private static final Duration ATTEMPT = Duration.ofHours(1);

  /** Temporal's limits, in bytes; the ids of pools have a prefix. */
  private static final int MAX_NAME = 200;

  private static final int MAX_FAIRNESS_KEY = 64;

  public Policy {
    past = past == null ? Past.ANY : past; // a chunk that an older version began says nothing
    if (place.local && limits.heartbeat != null) {
      throw new IllegalArgumentException("A local task has no heartbeat: it takes too little time");
    }
  }

  /** Two retries after 1 s and 2 s, an hour for a try, the run's own queue. */
  public static final Policy DEFAULT =
      new Policy(
          null,
          new Limits(null, null, null),
          new Place(false, null, null, null, null, 1),
          null,
          Past.ANY);

  /**
   * For a task that reads or writes a store: its retries outlast ten minutes of outage, in which a
   * person sees that a server has died, starts it again and waits for it to come up.
   */
  public static final Policy PATIENT =
      DEFAULT.withRetriesFor(Duration.ofMinutes(10), Duration.ofSeconds(1));

  /** What happens after a try of an activity has failed. */
  @Override
  public Retry retry() {
    return retry == null ? RETRY : retry;
  }

  /** What happens after a child run has failed: nothing, unless it is set. */
  Retry childRetry() {
    return retry == null ? NO_RETRY : retry;
  }

  /** Whether the retries are set, and not the default. */
  boolean setsRetry() {
    return retry != null;
  }

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
   * @param never failure types that no retry can fix, for example {@code
   *     java.lang.IllegalArgumentException}. As in Airflow the class of the exception that the task
   *     throws counts, not that of its cause. On a worker made by {@link DagWorkers} the name of a
   *     superclass or an interface matches too; other workers, and child runs, compare the type
   *     alone
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

    /** How long all the waits take at least, each shortened as far as it can be. */
    public Duration span() {
      Duration span = Duration.ZERO;
      for (int attempt = 1; attempt <= retries; attempt++) {
        span = span.plus(RetryJitter.shortest(RetryJitter.full(options(), attempt)));
      }
      return span;
    }

    /** The same in Temporal's words. */
    public RetryOptions options() {
      return TaskOptions.retry(this);
    }
  }

  /**
   * How long a task may take.
   *
   * @param attempt the longest that one try may take, or null for an hour; a child run has no limit
   *     then
   * @param total the longest from schedule to end over all tries, or null for no limit
   * @param heartbeat a try that is silent for longer is given up, or null for no heartbeat
   */
  public record Limits(
      @Nullable Duration attempt, @Nullable Duration total, @Nullable Duration heartbeat) {
    public Limits {
      requirePositive("attemptTimeout", attempt);
      requirePositive("totalTimeout", total);
      requirePositive("heartbeat", heartbeat);
    }

    /** The longest that one try of an activity may take. */
    @Override
    public Duration attempt() {
      return attempt == null ? ATTEMPT : attempt;
    }

    /** The longest that one child run may take, or null for no limit. */
    @Nullable Duration childAttempt() {
      return attempt;
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
      requireName("task queue", taskQueue, MAX_NAME);
      requireName("fairness key", fairnessKey, MAX_FAIRNESS_KEY);
      requireName("pool", pool, MAX_NAME);
      if (local && taskQueue != null) {
        throw new IllegalArgumentException(
            "A local task runs in the run's own worker, not on the task queue " + taskQueue);
      }
    }
  }

  /** What must have become of the run before for a task to start; see {@link #dependsOnPast}. */
  public enum Past {
    /** Whatever. */
    ANY,
    /** The same task has succeeded or was skipped. */
    SUCCEEDED,
    /** So have the tasks right below it. */
    SUCCEEDED_WITH_DOWNSTREAM
  }

  public Policy withRetries(int count, Duration firstDelay) {
    Retry before = retry();
    Duration longest = before.maxDelay.compareTo(firstDelay) < 0 ? firstDelay : before.maxDelay;
    return with(new Retry(count, firstDelay, longest, before.never));
  }

  /** As many retries as it takes to go on for at least so long, however short the tries are. */
  public Policy withRetriesFor(Duration least, Duration firstDelay) {
    requirePositive("least", least);
    Policy policy = withRetries(1, firstDelay);
    while (policy.retry().span().compareTo(least) < 0) {
      policy = policy.withRetries(policy.retry().retries + 1, firstDelay);
    }
    return policy;
  }

  public Policy withMaxRetryDelay(Duration longest) {
    Retry before = retry();
    return with(new Retry(before.retries, before.delay, longest, before.never));
  }

  /** Names failure types that no retry can fix; see {@link Retry#never}. */
  public Policy withoutRetryOf(String... failureTypes) {
    Retry before = retry();
    return with(new Retry(before.retries, before.delay, before.maxDelay, List.of(failureTypes)));
  }

  public Policy withAttemptTimeout(Duration timeout) {
    return with(new Limits(timeout, limits.total, limits.heartbeat));
  }

  public Policy withTotalTimeout(Duration timeout) {
    return with(new Limits(limits.attempt, timeout, limits.heartbeat));
  }

  public Policy withHeartbeat(Duration timeout) {
    return with(new Limits(limits.attempt, limits.total, timeout));
  }

  public Policy withTaskQueue(String queue) {
    return with(
        new Place(place.local, queue, place.priority, place.fairnessKey, place.pool, place.slots));
  }

  public Policy withPriority(int level) {
    return with(
        new Place(place.local, place.taskQueue, level, place.fairnessKey, place.pool, place.slots));
  }

  public Policy withFairnessKey(String key) {
    return with(
        new Place(place.local, place.taskQueue, place.priority, key, place.pool, place.slots));
  }

  /** Takes slots of a pool, which limits how many run at once over all runs and workers. */
  public Policy withPool(String name, int slots) {
    return with(
        new Place(place.local, place.taskQueue, place.priority, place.fairnessKey, name, slots));
  }

  /**
   * Keeps the task's result, and uses it again for the same inputs, in any run, instead of running
   * the task. Only for activities whose work is what they return; needs workers with a blob store.
   *
   * @param key names the computation and its version: change it with the code
   * @param ttl how long a result may be used
   */
  public Policy withMemo(String key, Duration ttl) {
    return new Policy(retry, limits, place, new Memo(key, ttl), past);
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
    return with(
        new Place(
            true, place.taskQueue, place.priority, place.fairnessKey, place.pool, place.slots));
  }

  /**
   * Starts the task only when the same task of the run before has succeeded or was skipped, as
   * Airflow's {@code depends_on_past}. The run before is that of the last nominal time before this
   * run's for which the schedule or a backfill started one. There is none for the first run, the
   * first of a backfill, and a run that a person started without a logical date; a task that the
   * run before did not have does not wait either.
   *
   * <p>If the task failed there, this one waits until it has been cleared, marked or rerun there,
   * or this run's deadline has passed, or the update {@code release} lets it go.
   */
  public Policy dependsOnPast() {
    return new Policy(retry, limits, place, memo, past == Past.ANY ? Past.SUCCEEDED : past);
  }

  /**
   * The same, and the tasks right below it in the run before must have succeeded or been skipped as
   * well: Airflow's {@code wait_for_downstream}, for a task that overwrites what they read.
   */
  public Policy waitForDownstream() {
    return new Policy(retry, limits, place, memo, Past.SUCCEEDED_WITH_DOWNSTREAM);
  }

  private Policy with(Retry other) {
    return new Policy(other, limits, place, memo, past);
  }

  private Policy with(Limits other) {
    return new Policy(retry, other, place, memo, past);
  }

  private Policy with(Place other) {
    return new Policy(retry, limits, other, memo, past);
  }

  private static void requirePositive(String name, @Nullable Duration value) {
    if (value != null && (value.isZero() || value.isNegative())) {
      throw new IllegalArgumentException(name + " must be positive, not " + value);
    }
  }

  /** A name that the server refuses would fail the run's workflow task, and not the task. */
  private static void requireName(String what, @Nullable String name, int most) {
    if (name != null && (name.isBlank() || name.getBytes(StandardCharsets.UTF_8).length > most)) {
      throw new IllegalArgumentException(
          "The name of a %s must have 1 to %d bytes, and not only spaces; it is '%s'"
              .formatted(what, most, name));
    }
  }
}
