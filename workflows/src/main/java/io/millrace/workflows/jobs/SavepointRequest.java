package io.millrace.workflows.jobs;

/**
 * A savepoint to be taken.
 *
 * @param job its name
 * @param keep how many of the newest savepoints of the job stay; older ones are deleted
 */
public record SavepointRequest(String job, int keep) {}
