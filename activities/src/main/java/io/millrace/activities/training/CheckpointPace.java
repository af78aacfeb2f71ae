package io.millrace.activities.training;

import java.time.Duration;

/**
 * How often a training keeps a checkpoint: every so many rounds, but no sooner than a while after
 * the one before, since what takes less to train than to keep is not worth keeping. A rung's last
 * round is always kept.
 *
 * <p>So a killed worker loses at most {@code rounds} rounds, or as many as fit into {@code
 * atLeast}.
 *
 * @param rounds rounds between checkpoints, at least 1
 * @param atLeast time between checkpoints
 */
public record CheckpointPace(int rounds, Duration atLeast) {
  /** What a worker keeps to. */
  public static final Duration USUAL = Duration.ofSeconds(2);

  /** Checks the rounds. */
  public CheckpointPace {
    if (rounds < 1) {
      throw new IllegalArgumentException(
          "A checkpoint is kept every 1 or more rounds, not every " + rounds);
    }
  }

  /** Whether one is due after this round, so many milliseconds after the one before. */
  boolean due(int round, long sinceMillis) {
    return round % rounds == 0 && sinceMillis >= atLeast.toMillis();
  }
}
