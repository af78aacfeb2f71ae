package io.millrace.activities.features;

import java.util.List;

/**
 * How long it took from raw events until their features could be read online.
 *
 * @param millis of each event that was watched and seen, the shortest first
 * @param lost watched events whose features never came
 */
public record Freshness(List<Long> millis, int lost) {

  /** Sorts a copy. */
  public Freshness {
    millis = millis.stream().sorted().toList();
  }

  /**
   * The least time, in milliseconds, that so many percent of the events did not exceed.
   *
   * @throws IllegalStateException if no event was seen
   */
  public long percentile(int percent) {
    if (millis.isEmpty()) {
      throw new IllegalStateException(
          "No features came of %d watched events: is the features job running?".formatted(lost));
    }
    int rank = (int) Math.ceil(millis.size() * percent / 100.0);
    return millis.get(Math.max(0, rank - 1));
  }
}
