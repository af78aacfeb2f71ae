package io.millrace.engine.schedule;

/**
 * How many runs a schedule has let fall since it was created.
 *
 * @param skipped because another run was active (the server's {@code overlap_skipped})
 * @param missed because they were older than the catch-up window when the server was back ({@code
 *     missed_catchup_window})
 * @param dropped because too many were waiting ({@code buffer_dropped})
 */
public record LostRuns(long skipped, long missed, long dropped) {

  static final LostRuns NONE = new LostRuns(0, 0, 0);

  /** What was lost since; a schedule that was made anew counts from zero. */
  LostRuns since(LostRuns before) {
    boolean anew = skipped < before.skipped || missed < before.missed || dropped < before.dropped;
    return anew
        ? this
        : new LostRuns(skipped - before.skipped, missed - before.missed, dropped - before.dropped);
  }
}
