package io.millrace.flink.features;

/**
 * A message for {@code model.features.ready}.
 *
 * @param session its key
 */
@SuppressWarnings(
    "ArrayRecordComponent") // compared by nobody, and copied by nobody on the hot path
public record ReadyMessage(String session, byte[] value) {}
