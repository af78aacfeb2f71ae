package io.millrace.engine;

import io.millrace.engine.pool.Claim;
import io.millrace.engine.schedule.ScheduledRun;
import java.time.Instant;
import java.util.Optional;

/** What the schedule of a run says of whether, and when, it may begin. */
final class Admission {

  private Admission() {}

  /** The later run to which this one gives way by the strategy {@code LATEST_ONLY}. */
  static Optional<Instant> givesWayTo() {
    return ScheduledRun.ofCurrentRun()
        .flatMap(run -> run.supersededBy(DataInterval.nominalTimeOfCurrentRun(), DagRun.now()));
  }

  /** The slot that it needs while other runs of its schedule are active. */
  static Optional<Claim> slot(RunInfo info) {
    return ScheduledRun.ofCurrentRun()
        .flatMap(run -> run.slot(info.dagId()))
        .map(slot -> Claim.of(slot.pool(), 1, "run").withPriority(info.priority()));
  }

  /** Whether no later run of the schedule is due; so is any run that a person started. */
  static boolean isLatest() {
    return ScheduledRun.ofCurrentRun()
        .flatMap(run -> run.lastDue(DagRun.now()))
        .filter(latest -> latest.isAfter(DataInterval.nominalTimeOfCurrentRun()))
        .isEmpty();
  }
}
