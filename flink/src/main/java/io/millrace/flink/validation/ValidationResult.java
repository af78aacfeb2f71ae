package io.millrace.flink.validation;

import org.jspecify.annotations.Nullable;

/**
 * A message in its output envelope.
 *
 * @param valid which of the two topics it goes to
 * @param key the session of a valid event, the key that an invalid message came with
 * @param value one line of JSON
 * @param source topic that an invalid message came from; null for a valid one
 */
@SuppressWarnings(
    "ArrayRecordComponent") // compared by nobody, and copied by nobody on the hot path
public record ValidationResult(
    boolean valid, byte @Nullable [] key, byte[] value, @Nullable String source) {}
