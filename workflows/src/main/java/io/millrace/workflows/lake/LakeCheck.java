package io.millrace.workflows.lake;

/**
 * The lake could be reached and read.
 *
 * @param endpoint address of the object store
 * @param bucket the bucket that was found
 */
public record LakeCheck(String endpoint, String bucket) {}
