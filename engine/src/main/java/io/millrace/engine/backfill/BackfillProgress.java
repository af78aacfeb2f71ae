package io.millrace.engine.backfill;

import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a backfill hands on when it continues as a new run, so that its history stays short.
 *
 * @param states a letter a date in the order of work; see {@link BackfillReport.DateState}
 * @param reasons why a date failed, by its place
 * @param maxActiveRuns the limit now
 * @param paused whether it is paused
 * @param note why it is paused
 * @param startsPerHistory after so many starts it continues as a new run
 */
public record BackfillProgress(
    String states,
    SortedMap<Integer, String> reasons,
    int maxActiveRuns,
    boolean paused,
    String note,
    int startsPerHistory) {

  /** At about ten events a date this stays well under the 10,240 at which the server warns. */
  static final int STARTS_PER_HISTORY = 400;

  public BackfillProgress {
    reasons = new TreeMap<>(reasons);
  }

  /** A backfill that begins with a history of its own length; only tests need one. */
  static BackfillProgress beginning(int maxActiveRuns, int startsPerHistory) {
    return new BackfillProgress("", new TreeMap<>(), maxActiveRuns, false, "", startsPerHistory);
  }
}
