package io.millrace.core.features;

import java.time.Instant;

/**
 * A user and a product at a time: what was known of them then is the row of their newest event that
 * is not after it.
 */
public record FeatureMoment(OnlineKey key, Instant at) {}
