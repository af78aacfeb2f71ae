package io.millrace.workflows.features;

/** Which features are written, and how many rows at once. */
public record MaterializeRequest(FeatureScope scope, int batchRows) {}
