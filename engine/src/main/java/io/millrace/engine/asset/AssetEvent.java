package io.millrace.engine.asset;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An asset was made or changed.
 *
 * @param asset its name
 * @param partition the part of it that changed, for example {@code 2026-11-21}, or null for all
 * @param source who says so: {@code <run id>/<task id>}, or whatever an outside system calls itself
 * @param at when
 * @param extra what else the source says, of at most {@link #MAX_EXTRA} characters as JSON, or null
 */
public record AssetEvent(
    String asset, @Nullable String partition, String source, Instant at, @Nullable JsonNode extra) {

  /** Events are kept in one workflow, which must stay small; anything large is a reference. */
  public static final int MAX_EXTRA = 1_000;

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

  /** An event with nothing extra. */
  public AssetEvent(String asset, @Nullable String partition, String source, Instant at) {
    this(asset, partition, source, at, null);
  }
}
