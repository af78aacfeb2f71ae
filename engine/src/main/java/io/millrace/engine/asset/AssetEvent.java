package io.millrace.engine.asset;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An asset was made or changed.
 *
 * @param asset its name
 * @param partition the part of it that changed, for example {@code 2026-11-21}, or null for all
 * @param source who says so: {@code <run id>/<task id>}, or whatever an outside system calls itself
 * @param at when
 */
public record AssetEvent(String asset, @Nullable String partition, String source, Instant at) {}
