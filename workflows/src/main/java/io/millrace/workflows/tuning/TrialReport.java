package io.millrace.workflows.tuning;

/**
 * A trial at a rung.
 *
 * @param loss validation log loss at {@code rounds}
 * @param bestRounds rounds at which the loss was lowest so far
 * @param trainedRounds rounds that this attempt trained itself, so a resumed one says fewer
 */
public record TrialReport(
    int trial, int rounds, double loss, int bestRounds, double bestLoss, int trainedRounds) {}
