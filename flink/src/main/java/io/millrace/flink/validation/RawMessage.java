package io.millrace.flink.validation;

import org.jspecify.annotations.Nullable;

/**
 * A message as it came, and where it stands, so that one too large to copy can be found again.
 *
 * <p>The arrays are Kafka's own and are never written to.
 */
@SuppressWarnings(
    "ArrayRecordComponent") // compared by nobody, and copied by nobody on the hot path
public record RawMessage(
    String topic, int partition, long offset, byte @Nullable [] key, byte @Nullable [] value) {}
