package io.millrace.engine.asset;

import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Events of one partition, without their details.
 *
 * @param partition its name, or null for the events that name none
 * @param events how many; at least this many where a log has summed up older ones
 * @param first the number of the oldest in the asset's log
 * @param last the number of the latest
 * @param at when the latest was made, in seconds since the epoch
 */
@JsonFormat(shape = JsonFormat.Shape.ARRAY)
@JsonPropertyOrder({"partition", "events", "first", "last", "at"})
public record PartitionKey(
    @Nullable String partition, long events, long first, long last, long at) {

  static PartitionKey of(LoggedEvent logged) {
    return new PartitionKey(
        logged.event().partition(),
        1,
        logged.seq(),
        logged.seq(),
        logged.event().at().getEpochSecond());
  }

  /** These and later ones of the same partition. */
  PartitionKey and(PartitionKey later) {
    return new PartitionKey(
        partition,
        events + later.events,
        Math.min(first, later.first),
        Math.max(last, later.last),
        later.last >= last ? later.at : at);
  }

  /** Those after a number, or null if there are none. */
  @Nullable PartitionKey after(long seq) {
    if (last <= seq) {
      return null;
    }
    return first > seq
        ? this
        : new PartitionKey(partition, Math.min(events, last - seq), seq + 1, last, at);
  }

  boolean covers(long seq) {
    return first <= seq && seq <= last;
  }

  /** The latest, when nothing but this is known of it. */
  AssetEvent event(String asset) {
    return new AssetEvent(asset, partition, AssetEvent.NOT_KEPT, Instant.ofEpochSecond(at));
  }
}
