package io.millrace.workflows.training;

import org.jspecify.annotations.Nullable;

/**
 * The rows and the models to compare on them.
 *
 * @param modelName the registered model whose champion is the one to beat
 * @param confidence of the gate, for which the share of promotions by chance is simulated; null in
 *     runs that are older than this field: nothing is simulated then
 */
public record EvaluationRequest(
    DatasetRef dataset, CandidateRef candidate, String modelName, @Nullable Double confidence) {}
