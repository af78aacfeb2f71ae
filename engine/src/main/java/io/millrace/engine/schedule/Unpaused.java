package io.millrace.engine.schedule;

import java.time.Instant;
import java.util.List;

/**
 * What became of the runs that a schedule missed while it was paused.
 *
 * @param schedule its id
 * @param started nominal times whose runs start now, or when their turn comes
 * @param left nominal times that are not run
 */
public record Unpaused(String schedule, List<Instant> started, List<Instant> left) {

  public Unpaused {
    started = List.copyOf(started);
    left = List.copyOf(left);
  }

  /** How many runs were missed. */
  public int missed() {
    return started.size() + left.size();
  }

  /** What to say to a person: one sentence, and the command for the rest if there is any. */
  public String message() {
    if (missed() == 0) {
      return "unpaused %s; it missed no run while it was paused".formatted(schedule);
    }
    String what =
        "unpaused %s; it missed %d run%s while it was paused: %s"
            .formatted(schedule, missed(), missed() == 1 ? "" : "s", fate());
    return left.isEmpty()
        ? what
        : "%s; run the others with: %s".formatted(what, command(schedule, left));
  }

  private String fate() {
    if (started.isEmpty()) {
      return "none is run";
    }
    if (started.size() == 1) {
      return "that of %s starts now".formatted(started.get(0));
    }
    return left.isEmpty()
        ? "all start now"
        : "the last %d start now, from %s on".formatted(started.size(), started.get(0));
  }

  /** What stands in the schedule's note beside the operator's reason. */
  String note(String reason) {
    return missed() == 0
        ? reason
        : "%s (%d %s, %d started)".formatted(reason, missed(), MissedRuns.NOTED, started.size());
  }

  /** The command that runs dates of a schedule. */
  static String command(String schedule, List<Instant> dates) {
    return "millrace backfill create %s --from-date %s --to-date %s"
        .formatted(schedule, dates.get(0), dates.get(dates.size() - 1));
  }
}
