package io.millrace.core.training;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * Rows by time: the model learns from the oldest sessions, is chosen on later ones and judged on
 * the newest. A session is never in two parts; it belongs where its first row falls, so a session
 * that spans a boundary stays whole on the older side of it.
 *
 * <p>Depends only on the rows, not on their order beyond ties, so that every worker that splits the
 * same data set gets the same parts.
 *
 * @param train row numbers, ascending
 * @param validation row numbers, ascending
 * @param test row numbers, ascending
 * @param testFrom when the oldest session of the test part began: sessions that began earlier are
 *     learned from, no others
 */
@SuppressWarnings("ArrayRecordComponent") // never compared: millions of rows, handed on as they are
public record TemporalSplit(int[] train, int[] validation, int[] test, long testFrom) {

  /**
   * Splits rows.
   *
   * @param sessions the session of each row
   * @param times the event time of each row, in any unit
   * @param validationShare of the rows, at least, that go to validation; 0..1
   * @param testShare of the rows, at least, that go to the test set; 0..1
   * @throws IllegalArgumentException if sizes differ or the shares leave nothing to train on
   */
  public static TemporalSplit of(
      String[] sessions, long[] times, double validationShare, double testShare) {
    if (sessions.length != times.length) {
      throw new IllegalArgumentException(sessions.length + " sessions, " + times.length + " times");
    }
    if (!(validationShare > 0 && testShare > 0 && validationShare + testShare < 1)) {
      throw new IllegalArgumentException(
          "Shares must be positive and leave rows to train on: validation %s, test %s"
              .formatted(validationShare, testShare));
    }
    long[] starts = sessionStarts(sessions, times);
    long[] sorted = starts.clone();
    Arrays.sort(sorted);
    int rows = sorted.length;
    long testFrom = boundary(sorted, (int) Math.floor(rows * (1 - testShare)));
    long validationFrom =
        boundary(sorted, (int) Math.floor(rows * (1 - testShare - validationShare)));
    return new TemporalSplit(
        rowsWithin(starts, Long.MIN_VALUE, validationFrom),
        rowsWithin(starts, validationFrom, testFrom),
        rowsWithin(starts, testFrom, Long.MAX_VALUE),
        testFrom);
  }

  /** When the session of each row began: the time of its first row. */
  public static long[] sessionStarts(String[] sessions, long[] times) {
    Map<String, Long> first = new HashMap<>();
    for (int i = 0; i < times.length; i++) {
      first.merge(sessions[i], times[i], Math::min);
    }
    long[] starts = new long[times.length];
    Arrays.setAll(starts, i -> first.getOrDefault(sessions[i], times[i]));
    return starts;
  }

  private static long boundary(long[] sorted, int index) {
    return sorted.length == 0 ? 0 : sorted[Math.min(index, sorted.length - 1)];
  }

  private static int[] rowsWithin(long[] starts, long from, long before) {
    int[] rows = new int[starts.length];
    int count = 0;
    for (int i = 0; i < starts.length; i++) {
      if (starts[i] >= from && starts[i] < before) {
        rows[count++] = i;
      }
    }
    return Arrays.copyOf(rows, count);
  }
}
