package io.millrace.engine.asset;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An asset was made or changed.
 *
 * @param asset its name
 * @param partition the part of it that changed, for example {@code 2026-11-21}, or null for all
 * @param source who says so: {@code <run id>/<task id>}, or whatever an outside system calls itself
 * @param at when
 * @param extra what else the source says, of at most {@link #MAX_EXTRA} characters as JSON, or null
 * @param earlier the older events of the same asset that this one also stands for, or null if it
 *     stands for itself alone; only among the triggering events of a run that had many
 */
public record AssetEvent(
    String asset,
    @Nullable String partition,
    String source,
    Instant at,
    @Nullable JsonNode extra,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Earlier earlier) {

  /** Events are kept in one workflow, which must stay small; anything large is a reference. */
  public static final int MAX_EXTRA = 1_000;

  /** The source of an event whose details were no longer kept when its consumer ran. */
  public static final String NOT_KEPT = "(not kept)";

  /**
   * Older events, of which only the number and the partitions are kept. A consumer that needs to
   * know each partition and finds the list incomplete should treat the whole asset as changed.
   *
   * @param events how many
   * @param partitions those that the events name, each once, the one that changed longest ago first
   * @param isComplete whether {@code partitions} has all of them
   */
  public record Earlier(long events, List<String> partitions, boolean isComplete) {
    public Earlier {
      partitions = partitions == null ? List.of() : List.copyOf(partitions);
    }
  }

  public AssetEvent {
    if (extra != null && extra.isNull()) {
      extra = null;
    }
    if (extra != null && extra.toString().length() > MAX_EXTRA) {
      throw new IllegalArgumentException(
          "The extra of an event of asset '%s' must have at most %d characters as JSON, not %d; store it and give a reference"
              .formatted(asset, MAX_EXTRA, extra.toString().length()));
    }
  }

  /** An event that stands for itself alone. */
  public AssetEvent(
      String asset,
      @Nullable String partition,
      String source,
      Instant at,
      @Nullable JsonNode extra) {
    this(asset, partition, source, at, extra, null);
  }

  /** An event with nothing extra. */
  public AssetEvent(String asset, @Nullable String partition, String source, Instant at) {
    this(asset, partition, source, at, null, null);
  }

  /** How many events this one stands for, itself included. */
  public long count() {
    return earlier == null ? 1 : 1 + earlier.events();
  }

  /** The same event, which also stands for others. */
  AssetEvent after(@Nullable Earlier others) {
    return others == null || others.events() <= 0
        ? this
        : new AssetEvent(asset, partition, source, at, extra, others);
  }
}
