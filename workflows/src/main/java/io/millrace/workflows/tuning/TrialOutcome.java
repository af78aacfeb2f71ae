package io.millrace.workflows.tuning;

import org.jspecify.annotations.Nullable;

/**
 * What became of one trial.
 *
 * @param rounds it trained
 * @param bestRounds rounds at which its validation loss was lowest, 0 if it never reported
 * @param bestLoss that loss, null if it never reported
 * @param failure why it failed, null if it did not
 */
public record TrialOutcome(
    int trial,
    Ended ended,
    int rounds,
    int bestRounds,
    @Nullable Double bestLoss,
    @Nullable String failure) {

  /** How a trial ends. */
  public enum Ended {
    /** It trained all its rounds. */
    COMPLETED,
    /** It was stopped early at a rung. */
    STOPPED,
    /** It failed for good. */
    FAILED,
    /** It was cancelled because the study was over. */
    CANCELLED
  }
}
