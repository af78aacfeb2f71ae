package io.millrace.workflows.jobs;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * When a job that was started counts as healthy.
 *
 * @param windowSeconds how long it is watched
 * @param minCheckpoints so many checkpoints must complete within the window
 * @param maxFailedCheckpoints more that fail are too many
 * @param maxRestarts more restarts are too many
 * @param maxBackPressurePercent a job of which an operator stands under more back-pressure than
 *     this all the time is stuck; 100 allows any
 * @param maxLag records that it may lie behind its topics at the end; null: any number
 */
public record HealthLimits(
    int windowSeconds,
    int minCheckpoints,
    int maxFailedCheckpoints,
    int maxRestarts,
    int maxBackPressurePercent,
    @Nullable Long maxLag) {
  /** Half a minute, in which every job of ours makes two checkpoints or more. */
  public static final HealthLimits DEFAULT = new HealthLimits(30, 1, 0, 0, 95, null);

  private static final int DAY = 86_400;

  /**
   * Checks each field.
   *
   * @throws IllegalArgumentException naming the field, its value and what is allowed
   */
  public HealthLimits {
    within("windowSeconds", windowSeconds, 1, DAY);
    within("minCheckpoints", minCheckpoints, 0, DAY);
    within("maxFailedCheckpoints", maxFailedCheckpoints, 0, DAY);
    within("maxRestarts", maxRestarts, 0, DAY);
    within("maxBackPressurePercent", maxBackPressurePercent, 0, 100);
    DeployParams.check(maxLag == null || maxLag >= 0, "maxLag", maxLag + "", "must be >= 0");
  }

  /** The window, and the time to ask for the last figures. */
  Duration longest() {
    return Duration.ofSeconds(windowSeconds).plusMinutes(5);
  }

  private static void within(String field, int value, int least, int most) {
    DeployParams.check(
        value >= least && value <= most, field, value, "must be %d to %d".formatted(least, most));
  }
}
