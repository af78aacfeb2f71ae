package io.millrace.engine.backfill;

import io.millrace.engine.RunReport;
import java.time.Instant;
import java.util.List;
import java.util.Locale;

/**
 * How a backfill stands.
 *
 * @param dag the DAG
 * @param state of the whole
 * @param note why it is paused or was cancelled; else empty
 * @param maxActiveRuns its limit now
 * @param total dates in the range
 * @param planned dates that have not begun; in a dry run, those that would run
 * @param running dates whose run is active
 * @param succeeded dates whose run it started and that ended well
 * @param skipped dates whose run it started and that had nothing to do ({@link RunReport#skipped})
 * @param failed dates whose run it started and that failed
 * @param existing dates that it left, because their run existed or was started otherwise
 * @param cancelled dates whose run was cancelled
 * @param dates each date in the order of work; beyond {@value #MAX_DATES} dates only those that
 *     failed, were cancelled or are running
 */
public record BackfillReport(
    String dag,
    State state,
    String note,
    int maxActiveRuns,
    int total,
    int planned,
    int running,
    int succeeded,
    int skipped,
    int failed,
    int existing,
    int cancelled,
    List<DateReport> dates) {

  static final int MAX_DATES = 1_000;

  /** The state of the whole backfill. */
  public enum State {
    RUNNING,
    PAUSED,
    /** No more runs are started; it waits for those that are active. */
    CANCELLING,
    /** Every date has ended, and none failed. */
    SUCCESS,
    /** Every date has ended, and some failed. */
    FAILED,
    CANCELLED
  }

  /** The state of one date. */
  public enum DateState {
    PLANNED('.'),
    RUNNING('R'),
    SUCCEEDED('S'),
    SKIPPED('K'),
    FAILED('F'),
    EXISTING('E'),
    CANCELLED('C');

    private final char code;

    DateState(char code) {
      this.code = code;
    }

    char code() {
      return code;
    }

    static DateState of(char code) {
      for (DateState state : values()) {
        if (state.code == code) {
          return state;
        }
      }
      throw new IllegalArgumentException("'%s' is no state of a date".formatted(code));
    }

    String words() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * One date.
   *
   * @param date the nominal time
   * @param runId the run's workflow id
   * @param reason why it was skipped, failed, is left as it is, or would run again; else empty
   */
  public record DateReport(Instant date, String runId, DateState state, String reason) {}

  public BackfillReport {
    dates = List.copyOf(dates);
  }

  BackfillReport withDates(List<DateReport> others) {
    return new BackfillReport(
        dag,
        state,
        note,
        maxActiveRuns,
        total,
        planned,
        running,
        succeeded,
        skipped,
        failed,
        existing,
        cancelled,
        others);
  }

  /** How many dates are in each state, as a line. */
  public String counts() {
    return "%d planned, %d running (at most %d), %d succeeded, %d skipped, %d failed, %d existing, %d cancelled"
        .formatted(
            planned, running, maxActiveRuns, succeeded, skipped, failed, existing, cancelled);
  }

  /** Whether it has ended. */
  public boolean hasEnded() {
    return state == State.SUCCESS || state == State.FAILED || state == State.CANCELLED;
  }
}
