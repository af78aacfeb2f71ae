package io.millrace.engine.backfill;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.engine.schedule.Timetable;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a backfill runs.
 *
 * @param dag the DAG's name
 * @param from the first nominal time, inclusive
 * @param to the last nominal time, inclusive
 * @param timetable the timetable as text, or null for that of the DAG's Schedule on the server
 * @param maxActiveRuns how many of its runs are active at the same time; 0 for the default, 10
 * @param reprocess what to do with dates whose run exists; null for none
 * @param runBackwards the latest date first
 * @param params the params of each run as a JSON object, or null for the DAG's defaults
 * @param dryRun only report the dates
 */
public record BackfillRequest(
    String dag,
    Instant from,
    Instant to,
    @Nullable String timetable,
    int maxActiveRuns,
    @Nullable Reprocess reprocess,
    boolean runBackwards,
    @Nullable JsonNode params,
    boolean dryRun) {

  /** The most dates of one backfill. */
  public static final int MAX_DATES = 100_000;

  static final int MAX_ACTIVE = 500;
  private static final int DEFAULT_ACTIVE = 10;

  public BackfillRequest {
    if (dag == null || dag.isBlank() || from == null || to == null) {
      throw new IllegalArgumentException("A backfill needs dag, from and to");
    }
    if (to.isBefore(from)) {
      throw new IllegalArgumentException(
          "Backfill of %s: it must not end at %s, before its start at %s".formatted(dag, to, from));
    }
    maxActiveRuns = requireActive(maxActiveRuns == 0 ? DEFAULT_ACTIVE : maxActiveRuns);
    reprocess = reprocess == null ? Reprocess.NONE : reprocess;
    if (params != null && params.isNull()) {
      params = null;
    }
    if (params != null && !params.isObject()) {
      throw new IllegalArgumentException(
          "Backfill of %s: params must be a JSON object, but are %s".formatted(dag, params));
    }
  }

  /** Every date of the range once, at most ten at a time, the earliest first. */
  public static BackfillRequest of(String dag, Timetable timetable, Instant from, Instant to) {
    return new BackfillRequest(dag, from, to, timetable.text(), 0, null, false, null, false);
  }

  /** The same with another limit. */
  public BackfillRequest withMaxActiveRuns(int most) {
    return new BackfillRequest(
        dag, from, to, timetable, requireActive(most), reprocess, runBackwards, params, dryRun);
  }

  /** The same with another rule for dates whose run exists. */
  public BackfillRequest withReprocess(Reprocess rule) {
    return new BackfillRequest(
        dag, from, to, timetable, maxActiveRuns, rule, runBackwards, params, dryRun);
  }

  /** The same, the latest date first. */
  public BackfillRequest backwards() {
    return new BackfillRequest(
        dag, from, to, timetable, maxActiveRuns, reprocess, true, params, dryRun);
  }

  /** The same with params for each run. */
  public BackfillRequest withParams(@Nullable JsonNode json) {
    return new BackfillRequest(
        dag, from, to, timetable, maxActiveRuns, reprocess, runBackwards, json, dryRun);
  }

  /** The same, but it only reports. */
  public BackfillRequest dry() {
    return new BackfillRequest(
        dag, from, to, timetable, maxActiveRuns, reprocess, runBackwards, params, true);
  }

  BackfillRequest withTimetable(String text) {
    return new BackfillRequest(
        dag, from, to, text, maxActiveRuns, reprocess, runBackwards, params, dryRun);
  }

  /**
   * The dates in the order of time.
   *
   * @throws IllegalArgumentException if the timetable is wrong, or there are more than {@link
   *     #MAX_DATES}
   */
  public List<Instant> dates() {
    if (timetable == null) {
      throw new IllegalArgumentException("Backfill of %s: it has no timetable".formatted(dag));
    }
    return Timetable.parse(timetable).calendar().between(from, to, MAX_DATES);
  }

  static int requireActive(int most) {
    if (most < 1 || most > MAX_ACTIVE) {
      throw new IllegalArgumentException(
          "maxActiveRuns must be 1 to %d, not %d".formatted(MAX_ACTIVE, most));
    }
    return most;
  }
}
