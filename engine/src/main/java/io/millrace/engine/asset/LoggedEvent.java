package io.millrace.engine.asset;

/**
 * An event in the log of its asset.
 *
 * @param seq its number among the events of the asset, from 1, without gaps
 * @param takenAt when the log took it, in milliseconds since the epoch
 */
public record LoggedEvent(long seq, long takenAt, AssetEvent event) {}
