package io.millrace.workflows.quality;

/**
 * How far a run's data may be off.
 *
 * @param minRows least number of rows
 * @param maxRows largest number of rows
 * @param validShare least share of lines that are valid events
 */
public record QualityLimits(long minRows, long maxRows, double validShare) {}
