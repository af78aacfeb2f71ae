package io.millrace.engine.schedule;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Runs that a schedule has not started.
 *
 * @param schedule its id
 * @param kind why
 * @param count how many since the last look
 * @param seenAt when this was noticed
 * @param from the first nominal time that was not run, if that is known; else null
 * @param to the last one
 */
public record ScheduleAlert(
    String schedule,
    Kind kind,
    long count,
    Instant seenAt,
    @Nullable Instant from,
    @Nullable Instant to) {

  /** Of runs whose dates are not known. */
  public ScheduleAlert(String schedule, Kind kind, long count, Instant seenAt) {
    this(schedule, kind, count, seenAt, null, null);
  }

  /** Of dates that passed while a schedule was paused, and that were not run since. */
  static ScheduleAlert paused(String schedule, List<Instant> missed, Instant seenAt) {
    return new ScheduleAlert(
        schedule, Kind.PAUSED, missed.size(), seenAt, missed.get(0), missed.get(missed.size() - 1));
  }

  /** Why a run was not started. */
  public enum Kind {
    SKIPPED("skipped, because another was active"),
    MISSED("missed: they were older than the catch-up window"),
    DROPPED("dropped, because too many were waiting"),
    PAUSED("not run: it was paused, and unpaused without Millrace, which could have run them");

    private final String words;

    Kind(String words) {
      this.words = words;
    }
  }

  /** The text for people. */
  public String message() {
    return "schedule %s: %d run%s %s; run the dates with: %s"
        .formatted(
            schedule,
            count,
            count == 1 ? "" : "s",
            kind.words,
            from == null || to == null
                ? "millrace backfill create " + schedule
                : Unpaused.command(schedule, List.of(from, to)));
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
