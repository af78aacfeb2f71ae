package io.millrace.activities.streaming;

import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Adds up what becomes of the messages of a source. Thread-safe. */
public final class ReplayTally {
  private final EventSource source;
  private final long started = System.nanoTime();
  private final Map<String, Long> kinds = new TreeMap<>();
  private long produced;
  private long refused;
  private long undelivered;
  private long bytes;

  /** Starts the clock. */
  public ReplayTally(EventSource source) {
    this.source = source;
  }

  /** A message is where it should be. */
  public synchronized void produced(RawMessage message) {
    produced++;
    bytes += message.value().length;
    count(message.kind());
  }

  /** A message was there before. */
  public synchronized void found(String kind) {
    count(kind);
  }

  /** A message was refused, and is counted as of a kind. */
  public synchronized void refused(RawMessage message, String kind, String reason) {
    count(kind);
    remark(message, reason);
  }

  /** A message was refused, as a line is that no message can hold. */
  public synchronized void refused(RawMessage message, String reason) {
    refused++;
    remark(message, reason);
  }

  private void remark(RawMessage message, String reason) {
    undelivered += message.isMadeBad() ? 0 : 1;
    source.remarks().add(source.place(message.number()) + ": " + reason);
  }

  private void count(String kind) {
    kinds.merge(kind, 1L, Long::sum);
  }

  /** How many messages are where they should be. */
  public synchronized long produced() {
    return produced;
  }

  /** The summary of a replay that has ended. */
  public synchronized ReplaySummary summary(@Nullable String brokenOff) {
    return new ReplaySummary(
        source.lines(),
        source.headerLines(),
        produced,
        kinds,
        source.blankLines(),
        source.refusedLines() + refused,
        source.refusedLines() + undelivered,
        bytes,
        Duration.ofNanos(System.nanoTime() - started),
        source.remarks().first(),
        source.remarks().more(),
        brokenOff);
  }
}
