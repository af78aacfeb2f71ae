package io.millrace.workflows.training;

/**
 * The rows and the models to compare on them.
 *
 * @param modelName the registered model whose champion is the one to beat
 */
public record EvaluationRequest(DatasetRef dataset, CandidateRef candidate, String modelName) {}
