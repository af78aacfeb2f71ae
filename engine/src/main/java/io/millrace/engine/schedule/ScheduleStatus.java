package io.millrace.engine.schedule;

import java.time.Instant;
import java.util.List;

/**
 * How a schedule on the server stands.
 *
 * @param schedule its id, the DAG's name
 * @param owner who declared it; empty if it is not of ours
 * @param spec its declaration in one line; empty if it is not of ours
 * @param paused whether it starts nothing
 * @param note what the operator wrote when pausing it, or the server
 * @param next when it starts runs next, with jitter
 * @param recent its last runs, the latest first
 * @param waiting runs that came due and wait for the active one
 * @param runs how many it has started
 * @param lost what it has not started
 */
public record ScheduleStatus(
    String schedule,
    String owner,
    String spec,
    boolean paused,
    String note,
    List<Instant> next,
    List<RecentRun> recent,
    long waiting,
    long runs,
    LostRuns lost) {

  public ScheduleStatus {
    next = List.copyOf(next);
    recent = List.copyOf(recent);
  }

  /**
   * A run that the schedule has started.
   *
   * @param status Temporal's word, for example {@code COMPLETED}
   */
  public record RecentRun(String runId, Instant nominal, Instant startedAt, String status) {}
}
