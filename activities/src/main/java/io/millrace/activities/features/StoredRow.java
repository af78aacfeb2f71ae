package io.millrace.activities.features;

/**
 * A row as the online store holds it.
 *
 * @param key text of an {@link io.millrace.core.features.OnlineKey}
 * @param value text of an {@link io.millrace.core.features.OnlineRow}
 */
record StoredRow(String key, String value) {}
