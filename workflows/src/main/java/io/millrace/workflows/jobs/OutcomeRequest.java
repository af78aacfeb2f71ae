package io.millrace.workflows.jobs;

import org.jspecify.annotations.Nullable;

/**
 * How far a deployment came.
 *
 * @param running what ran before
 * @param health how the new job was; null if it did not come so far
 */
public record OutcomeRequest(RunningJob running, @Nullable HealthReport health) {}
