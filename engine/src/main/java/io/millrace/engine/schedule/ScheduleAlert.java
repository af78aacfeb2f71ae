package io.millrace.engine.schedule;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * Runs that a schedule has not started.
 *
 * @param schedule its id
 * @param kind why
 * @param count how many since the last look
 * @param seenAt when this was noticed
 */
public record ScheduleAlert(String schedule, Kind kind, long count, Instant seenAt) {

  /** Why a run was not started. */
  public enum Kind {
    SKIPPED("skipped, because another was active"),
    MISSED("missed: they were older than the catch-up window"),
    DROPPED("dropped, because too many were waiting");

    private final String words;

    Kind(String words) {
      this.words = words;
    }
  }

  /** What to tell a person. */
  public String message() {
    return "schedule %s: %d run%s %s; run the dates with: millrace backfill create %s"
        .formatted(schedule, count, count == 1 ? "" : "s", kind.words, schedule);
  }

  static List<ScheduleAlert> of(String schedule, LostRuns lost, Instant seenAt) {
    List<ScheduleAlert> alerts = new ArrayList<>();
    if (lost.skipped() > 0) {
      alerts.add(new ScheduleAlert(schedule, Kind.SKIPPED, lost.skipped(), seenAt));
    }
    if (lost.missed() > 0) {
      alerts.add(new ScheduleAlert(schedule, Kind.MISSED, lost.missed(), seenAt));
    }
    if (lost.dropped() > 0) {
      alerts.add(new ScheduleAlert(schedule, Kind.DROPPED, lost.dropped(), seenAt));
    }
    return alerts;
  }
}
