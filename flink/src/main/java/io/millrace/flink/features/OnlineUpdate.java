package io.millrace.flink.features;

/**
 * One write to the online store, as {@link io.millrace.core.features.OnlineGuard} takes it.
 *
 * @param key text of an {@link io.millrace.core.features.OnlineKey}
 * @param value a whole row, or its version alone to raise its count
 */
public record OnlineUpdate(String key, String value) {}
