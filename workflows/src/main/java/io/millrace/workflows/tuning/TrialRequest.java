package io.millrace.workflows.tuning;

import io.millrace.core.tuning.TrialParams;
import io.millrace.workflows.training.DatasetRef;

/**
 * Trains one trial up to a rung.
 *
 * @param trackingRunId the trial's MLflow run, empty if it is not tracked
 * @param fromRounds rounds the trial had at the rung before, 0 at first
 * @param toRounds rounds the trial has when it is done, whatever it starts from
 */
public record TrialRequest(
    String study,
    int trial,
    String trackingRunId,
    DatasetRef dataset,
    TrialParams params,
    long seed,
    int fromRounds,
    int toRounds,
    int checkpointEvery) {}
