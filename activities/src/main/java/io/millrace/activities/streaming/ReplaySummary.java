package io.millrace.activities.streaming;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a replay did.
 *
 * @param produced messages that Kafka has acknowledged on all replicas
 * @param kinds the same by kind: {@link RawMessage#EVENT} and what else there was
 * @param blankLines empty lines of the input, not sent
 * @param refusedLines lines too long for a message, not sent
 * @param bytes size of all values before compression
 * @param elapsed from the first message to the last acknowledgement
 * @param remarks what was odd about the input, each with its place; the first few only
 * @param brokenOff why the input ended early; null if it did not
 */
public record ReplaySummary(
    long produced,
    Map<String, Long> kinds,
    long blankLines,
    long refusedLines,
    long bytes,
    Duration elapsed,
    List<String> remarks,
    @Nullable String brokenOff) {

  public ReplaySummary {
    kinds = Map.copyOf(kinds);
    remarks = List.copyOf(remarks);
  }

  /** Whether all of the input was sent. */
  public boolean isComplete() {
    return brokenOff == null && refusedLines == 0;
  }
}
