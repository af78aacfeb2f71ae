package io.millrace.flink.sales;

import org.jspecify.annotations.Nullable;

/** A message as it came and where it stands. */
@SuppressWarnings("ArrayRecordComponent") // compared by nobody
public record SaleMessage(
    int partition, long offset, long timestampMillis, byte @Nullable [] value) {}
