package io.millrace.workflows.training;

import io.millrace.core.tuning.TrialParams;

/**
 * The model to train for good, on training and validation rows together.
 *
 * @param params must be there: there are no parameters to fall back on
 * @param rounds at least 1
 * @param checkpointEvery rounds between checkpoints
 */
public record FinalModelRequest(
    String runKey,
    DatasetRef dataset,
    TrialParams params,
    int rounds,
    long seed,
    int checkpointEvery) {}
