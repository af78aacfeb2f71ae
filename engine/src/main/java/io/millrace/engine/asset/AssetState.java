package io.millrace.engine.asset;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What an asset remembers when it continues as new: less than 1 MB.
 *
 * @param logId names its log
 * @param generation of the consumers
 * @param places how far each consumer was notified
 * @param taken how far each outside log was taken
 * @param adopted what the hub knew before it was divided, or null
 */
public record AssetState(
    String logId,
    EventLog.State log,
    long generation,
    Map<String, AssetReaders.Place> places,
    Map<String, Long> taken,
    AssetMessage.@Nullable Adoption adopted) {}
