package io.millrace.workflows.lake;

/**
 * One hour of the lake, which a task loads as a whole, in place of what was loaded of it before.
 *
 * @param bucket its bucket
 * @param folder the key of every object of the hour begins with this
 * @param removeEmpty whether an hour without an object is emptied in the warehouse, too
 */
public record LakeHour(String bucket, String folder, boolean removeEmpty) {}
