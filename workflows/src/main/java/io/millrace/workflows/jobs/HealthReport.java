package io.millrace.workflows.jobs;

import io.millrace.engine.CheckReport;

/**
 * How a job was while it was watched.
 *
 * @param job its name
 * @param passed whether it may stay
 * @param explain what was found, or which figure broke which limit
 */
public record HealthReport(String job, boolean passed, String explain) implements CheckReport {}
