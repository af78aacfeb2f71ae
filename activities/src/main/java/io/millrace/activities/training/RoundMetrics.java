package io.millrace.activities.training;

/**
 * One round's validation metrics.
 *
 * @param round counted from 1
 * @param at epoch milliseconds UTC when the round ended; kept with the checkpoint, so that a
 *     repeated log has the same time and is recognised as the same
 */
public record RoundMetrics(int round, long at, double logloss, double auc) {}
