package io.millrace.workflows.jobs;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * When a job that was started counts as healthy.
 *
 * @param startSeconds its first checkpoint must complete within so long
 * @param windowSeconds how long it is watched from then on; Flink's figures may be three seconds
 *     old
 * @param minCheckpoints so many checkpoints must complete, the first one counted; with 0 the window
 *     begins as soon as it runs
 * @param maxFailedCheckpoints more that fail are too many
 * @param maxRestarts more restarts are too many
 * @param maxBackPressurePercent a job of which an operator stands under more back-pressure than
 *     this all the time is stuck; 100 allows any
 * @param maxLag records that it may lie behind its topics at the end; null: any number
 */
public record HealthLimits(
    int startSeconds,
    int windowSeconds,
    int minCheckpoints,
    int maxFailedCheckpoints,
    int maxRestarts,
    int maxBackPressurePercent,
    @Nullable Long maxLag) {
  /** Half a minute, in which every job of ours makes two checkpoints or more. */
  public static final HealthLimits DEFAULT = new HealthLimits(120, 30, 2, 0, 0, 95, null);

  private static final int DAY = 86_400;

  /**
   * Checks each field.
   *
   * @throws IllegalArgumentException naming the field, its value and what is allowed
   */
  public HealthLimits {
    within("startSeconds", startSeconds, 5, DAY);
    within("windowSeconds", windowSeconds, 5, DAY);
    within("minCheckpoints", minCheckpoints, 0, DAY);
    within("maxFailedCheckpoints", maxFailedCheckpoints, 0, DAY);
    within("maxRestarts", maxRestarts, 0, DAY);
    within("maxBackPressurePercent", maxBackPressurePercent, 0, 100);
    check(maxLag == null || maxLag >= 0, "maxLag", maxLag + "", "must be >= 0");
  }

  /** Start and window, and the time to ask for the last figures. */
  Duration longest() {
    return Duration.ofSeconds(startSeconds).plusSeconds(windowSeconds).plusMinutes(5);
  }

  private static void within(String field, int value, int least, int most) {
    check(value >= least && value <= most, field, value, "must be %d to %d".formatted(least, most));
  }

  static void check(boolean holds, String field, Object value, String rule) {
    if (!holds) {
      throw new IllegalArgumentException("%s %s, but is '%s'".formatted(field, rule, value));
    }
  }
}
