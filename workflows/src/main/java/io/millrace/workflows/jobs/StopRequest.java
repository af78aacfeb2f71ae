package io.millrace.workflows.jobs;

/**
 * What is to be stopped.
 *
 * @param running the job
 * @param withoutSavepoint whether it may be cancelled when no savepoint can be taken
 */
public record StopRequest(RunningJob running, boolean withoutSavepoint) {}
