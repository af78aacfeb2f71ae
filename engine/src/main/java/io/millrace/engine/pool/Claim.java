package io.millrace.engine.pool;

import java.time.Duration;
import java.util.regex.Pattern;

/**
 * What a task wants of a pool.
 *
 * @param pool the pool's name
 * @param slots how many of its slots
 * @param priority 1 (first) to 5 (last)
 * @param task what it is for, as people see it
 * @param linger how long the task may go on after its run was terminated: its heartbeat timeout. So
 *     long are the slots of a terminated run kept back. Zero for a task that does not heartbeat:
 *     nobody can tell when such a one ends
 */
public record Claim(String pool, int slots, int priority, String task, Duration linger) {

  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_.-]{1,200}");

  public Claim {
    requireName(pool);
    if (slots < 1) {
      throw new IllegalArgumentException(
          "Task '%s' must claim 1 slot or more of pool '%s', not %d".formatted(task, pool, slots));
    }
    if (priority < 1 || priority > 5) {
      throw new IllegalArgumentException(
          "Task '%s' must claim pool '%s' with a priority of 1 to 5, not %d"
              .formatted(task, pool, priority));
    }
    if (linger.isNegative()) {
      throw new IllegalArgumentException(
          "Task '%s' must linger in pool '%s' for zero or more, not %s"
              .formatted(task, pool, linger));
    }
  }

  /** Claims slots for a task with the middle priority and no heartbeat. */
  public static Claim of(String pool, int slots, String task) {
    return new Claim(pool, slots, 3, task, Duration.ZERO);
  }

  public Claim withPriority(int level) {
    return new Claim(pool, slots, level, task, linger);
  }

  public Claim withReleaseGracePeriod(Duration time) {
    return new Claim(pool, slots, priority, task, time);
  }

  static void requireName(String pool) {
    if (!NAME.matcher(pool).matches()) {
      throw new IllegalArgumentException(
          "Pool name '%s' must match %s".formatted(pool, NAME.pattern()));
    }
  }
}
