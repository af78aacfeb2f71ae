package io.millrace.flink.lake;

/**
 * One line of a lake object.
 *
 * @param hour hours since 1970 UTC: the partition it belongs to
 * @param json the message's bytes
 */
@SuppressWarnings(
    "ArrayRecordComponent") // compared by nobody, and copied by nobody on the hot path
public record LakeLine(long hour, byte[] json) {}
