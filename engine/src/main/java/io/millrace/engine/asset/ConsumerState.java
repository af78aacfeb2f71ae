package io.millrace.engine.asset;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a consumer remembers when it continues as new: less than 1 MB.
 *
 * @param schedule what it waits for, or null
 * @param generation of the schedule
 * @param places how far each asset was read
 * @param queue the partitions that wait, by asset
 * @param adopted events that waited before the hub was divided
 * @param hasAdopted whether it has been given those
 * @param runs that were started
 * @param tickets that were given to readings
 * @param givenUp events of partitions that were given up, since too many waited
 * @param lastGivenUp the last of those partitions, or null
 */
public record ConsumerState(
    @Nullable AssetSchedule schedule,
    long generation,
    Map<String, ConsumerLedger.Place> places,
    Map<String, List<PartitionKey>> queue,
    List<AssetEvent> adopted,
    boolean hasAdopted,
    long runs,
    long tickets,
    long givenUp,
    @Nullable String lastGivenUp) {}
