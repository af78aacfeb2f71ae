package io.millrace.activities.streaming;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a replay did. The rule: lines = header lines + messages of all kinds + blank lines + refused
 * lines.
 *
 * @param lines lines of the input that were read, or messages that were made up
 * @param headerLines lines that name the columns: 1 or 0
 * @param produced messages that Kafka has acknowledged on all replicas, or rows that are new in the
 *     table
 * @param kinds the messages that were delivered by kind, {@link RawMessage#EVENT} and what else
 *     there was; of a table also those that it had already or refused
 * @param blankLines empty lines of the input, not sent
 * @param refusedLines lines and messages too large for Kafka, not sent; each is in the remarks
 * @param undelivered those of the refused, by Kafka or the table, that were not made bad on purpose
 * @param bytes size of all delivered values before compression
 * @param elapsed from the first message to the last acknowledgement
 * @param remarks what was odd about the input, each with its place; the first few only
 * @param moreRemarks how many there were beyond these
 * @param brokenOff why the input ended early; null if it did not
 */
public record ReplaySummary(
    long lines,
    long headerLines,
    long produced,
    Map<String, Long> kinds,
    long blankLines,
    long refusedLines,
    long undelivered,
    long bytes,
    Duration elapsed,
    List<String> remarks,
    long moreRemarks,
    @Nullable String brokenOff) {

  /** Copies map and list. */
  public ReplaySummary {
    kinds = Map.copyOf(kinds);
    remarks = List.copyOf(remarks);
  }

  /** Whether all of the input was delivered. */
  public boolean isComplete() {
    return brokenOff == null && undelivered == 0;
  }
}
