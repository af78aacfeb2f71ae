package io.millrace.workflows.lake;

/**
 * How new objects are looked for and grouped.
 *
 * @param scope where
 * @param maxObjects the most objects that one run takes; the rest is left to the next
 * @param batchObjects the most objects in one batch
 * @param batchBytes a batch is closed once it has this many stored bytes
 */
public record LakeListing(LakeScope scope, int maxObjects, int batchObjects, long batchBytes) {}
