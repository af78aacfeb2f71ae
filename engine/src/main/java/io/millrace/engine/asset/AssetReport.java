package io.millrace.engine.asset;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An asset as the hub knows it.
 *
 * @param asset its name
 * @param events how many the hub has taken
 * @param lastAt when the last one was made, or null if there was none
 * @param lastSource who made it, or null
 * @param consumers the DAGs that wait for it
 */
public record AssetReport(
    String asset,
    long events,
    @Nullable Instant lastAt,
    @Nullable String lastSource,
    List<String> consumers) {}
