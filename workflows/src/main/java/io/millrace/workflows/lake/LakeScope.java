package io.millrace.workflows.lake;

/**
 * The part of the lake that a run reads.
 *
 * @param bucket name of the bucket
 * @param prefix keys start with this; the whole bucket if empty
 */
public record LakeScope(String bucket, String prefix) {}
