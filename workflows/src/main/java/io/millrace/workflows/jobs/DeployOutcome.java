package io.millrace.workflows.jobs;

import io.millrace.engine.CheckReport;

/**
 * What runs at the end of a deployment; it passes if that is the new build.
 *
 * @param job its name
 * @param passed whether the new build stays
 * @param explain what runs now, and from where it went on
 */
public record DeployOutcome(String job, boolean passed, String explain) implements CheckReport {}
