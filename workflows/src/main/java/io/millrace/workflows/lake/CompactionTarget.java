package io.millrace.workflows.lake;

/**
 * A new object that several are to become.
 *
 * @param objectId its id in the ledger {@code lake.objects}
 * @param name what the grid shows: its key
 */
public record CompactionTarget(long objectId, String name) {}
