package io.millrace.engine;

import io.millrace.engine.asset.AssetEvent;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the starter of a run asks of the run itself: the reserved field {@code $run} of its input,
 * beside the DAG's own params.
 *
 * <pre>{@code {"prefix": "landing/", "$run": {"rerunOf": "nightly-2026-11-20T00:00:00Z"}}}</pre>
 *
 * @param logicalDate the start of the data interval, of the years 1 to 9999, or null for the time
 *     of the run's Schedule, or of its start
 * @param intervalEnd the end of the data interval, not before its start, or null for its start
 * @param rerunOf the workflow id of an earlier run, whose results are taken over but for those of
 *     tasks that failed or are named in {@code clear}, and of all below these
 * @param clear tasks to do again in a rerun
 * @param holdOnFailure keeps a run open in which a task failed, for clear and mark
 * @param breakpoints tasks before which the run holds
 * @param triggeringEvents the asset events that are the reason for the run
 * @param by who started the run
 * @param why what for
 */
public record RunOptions(
    @Nullable Instant logicalDate,
    @Nullable Instant intervalEnd,
    @Nullable String rerunOf,
    List<String> clear,
    boolean holdOnFailure,
    List<String> breakpoints,
    List<AssetEvent> triggeringEvents,
    @Nullable String by,
    @Nullable String why) {

  /** The field of the input that holds them. */
  public static final String FIELD = "$run";

  /** Nothing asked. */
  static final RunOptions NONE =
      new RunOptions(null, null, null, List.of(), false, List.of(), List.of(), null, null);

  public RunOptions {
    clear = clear == null ? List.of() : List.copyOf(clear);
    breakpoints = breakpoints == null ? List.of() : List.copyOf(breakpoints);
    triggeringEvents = triggeringEvents == null ? List.of() : List.copyOf(triggeringEvents);
    if (intervalEnd != null && logicalDate == null) {
      throw new IllegalArgumentException("intervalEnd needs a logicalDate");
    }
    requireYear("logicalDate", logicalDate);
    requireYear("intervalEnd", intervalEnd);
    if (intervalEnd != null && logicalDate != null && intervalEnd.isBefore(logicalDate)) {
      throw new IllegalArgumentException(
          "intervalEnd must not be before logicalDate, %s, but is %s"
              .formatted(logicalDate, intervalEnd));
    }
    if (!clear.isEmpty() && rerunOf == null) {
      throw new IllegalArgumentException("clear needs rerunOf, the run whose tasks are cleared");
    }
  }

  /** The server keeps the dates of runs, and knows years of four digits only. */
  private static void requireYear(String name, @Nullable Instant date) {
    int year = date == null ? 1 : date.atOffset(ZoneOffset.UTC).getYear();
    if (year < 1 || year > 9999) {
      throw new IllegalArgumentException(
          "%s must be in the years 1 to 9999, but is %s".formatted(name, date));
    }
  }
}
