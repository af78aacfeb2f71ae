package io.millrace.workflows.training;

/**
 * What to freeze and when it is enough to train on.
 *
 * @param runKey names the object, so that a retry writes the same one
 * @param minRows fewer labelled rows skip the run
 * @param minPositives fewer rows of either label skip the run
 * @param validationShare of rows
 * @param testShare of rows
 */
public record LoadRequest(
    String runKey, long minRows, long minPositives, double validationShare, double testShare) {}
