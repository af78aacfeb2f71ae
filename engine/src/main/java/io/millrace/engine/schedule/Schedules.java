package io.millrace.engine.schedule;

import io.millrace.engine.schedule.ScheduleStatus.RecentRun;
import io.temporal.api.common.v1.Payload;
import io.temporal.api.schedule.v1.ScheduleActionResult;
import io.temporal.api.schedule.v1.ScheduleInfo;
import io.temporal.api.schedule.v1.SchedulePatch;
import io.temporal.api.schedule.v1.TriggerImmediatelyRequest;
import io.temporal.api.workflowservice.v1.DescribeScheduleResponse;
import io.temporal.client.WorkflowClient;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/**
 * The schedules on the server: how they stand, and what an operator does with one.
 *
 * <p>Safe for use by many threads.
 */
public final class Schedules {

  private static final String STATUS_PREFIX = "WORKFLOW_EXECUTION_STATUS_";
  private static final int LOOKS = 100;
  private static final Duration BETWEEN_LOOKS = Duration.ofMillis(50);

  private final ScheduleServer server;

  /** Creates a client. */
  public Schedules(WorkflowClient client) {
    this.server = new ScheduleServer(client);
  }

  /** Every schedule of the namespace, by id. The server's list lags a little behind. */
  public List<ScheduleStatus> list() {
    return server.ids().stream()
        .flatMap(id -> describe(id).stream())
        .sorted(Comparator.comparing(ScheduleStatus::schedule))
        .toList();
  }

  /** One schedule; empty if there is none of this id. */
  public Optional<ScheduleStatus> describe(String id) {
    return server.describe(id).map(described -> status(id, described));
  }

  /**
   * Lets a schedule start nothing until {@link #unpause}; active runs go on. Applying the declared
   * schedules keeps the pause.
   *
   * @throws NoSuchElementException if there is no such schedule
   */
  public void pause(String id, String reason) {
    server.patch(id, SchedulePatch.newBuilder().setPause(reason).build());
  }

  /** Lets a schedule start runs again, and those that it missed as it was declared. */
  public Unpaused unpause(String id, String reason) {
    return unpause(id, reason, CatchUp.DECLARED);
  }

  /**
   * Lets a schedule start runs again, and some of those that it missed while it was paused. They
   * are runs of the schedule like any other, one after the other unless it allows several.
   *
   * <p>A schedule that Temporal's own UI or CLI unpauses runs none of them; the {@link
   * ScheduleWatch} raises an alert then.
   *
   * @return what was missed; nothing if it was not paused, or Millrace has not made it
   * @throws NoSuchElementException if there is no such schedule
   * @throws IllegalStateException if it missed too many to run; it stays paused
   */
  public Unpaused unpause(String id, String reason, CatchUp rule) {
    DescribeScheduleResponse paused =
        server.describe(id).orElseThrow(() -> ScheduleServer.noSuch(id));
    Optional<ScheduledRun> memo = server.memo(paused);
    if (!paused.getSchedule().getState().getPaused() || memo.isEmpty()) {
      server.patch(id, SchedulePatch.newBuilder().setUnpause(reason).build());
      return new Unpaused(id, List.of(), List.of());
    }
    Unpaused done = MissedRuns.since(server, id, paused, memo.get(), rule, Instant.now());
    // Together, for of two that come at a time the server may take only the last.
    server.patch(
        id,
        SchedulePatch.newBuilder()
            .setUnpause(done.note(reason))
            .addAllBackfillRequest(MissedRuns.requests(done.started(), paused, memo.get()))
            .build());
    awaitUnpaused(id);
    return done;
  }

  /**
   * The dates of a schedule after a moment that have no run, without those that wait for their
   * turn; none of a schedule that Millrace has not made.
   */
  List<Instant> missedSince(ScheduleStatus schedule, Instant since) {
    Optional<ScheduledRun> memo = server.describe(schedule.schedule()).flatMap(server::memo);
    if (memo.isEmpty()) {
      return List.of();
    }
    List<Instant> missed =
        MissedRuns.missed(server, schedule.schedule(), memo.get(), since, Instant.now());
    int waiting = (int) Math.min(schedule.waiting(), missed.size());
    return missed.subList(0, missed.size() - waiting);
  }

  /** The server takes a patch a moment later. */
  private void awaitUnpaused(String id) {
    for (int look = 0; look < LOOKS; look++) {
      if (server.describe(id).filter(s -> s.getSchedule().getState().getPaused()).isEmpty()) {
        return;
      }
      LockSupport.parkNanos(BETWEEN_LOOKS.toNanos());
    }
  }

  /** Starts a run now, also of a paused schedule; its nominal time is now. */
  public void trigger(String id) {
    server.patch(
        id,
        SchedulePatch.newBuilder()
            .setTriggerImmediately(TriggerImmediatelyRequest.getDefaultInstance())
            .build());
  }

  private ScheduleStatus status(String id, DescribeScheduleResponse described) {
    ScheduleInfo info = described.getInfo();
    List<RecentRun> recent = new ArrayList<>();
    for (ScheduleActionResult run : info.getRecentActionsList()) {
      recent.add(
          0,
          new RecentRun(
              run.getStartWorkflowResult().getWorkflowId(),
              ScheduleServer.instant(run.getScheduleTime()),
              ScheduleServer.instant(run.getActualTime()),
              run.getStartWorkflowStatus().name().replace(STATUS_PREFIX, "")));
    }
    return new ScheduleStatus(
        id,
        server.text(described.getMemo(), ScheduleReconciler.OWNER),
        spec(described),
        described.getSchedule().getState().getPaused(),
        described.getSchedule().getState().getNotes(),
        info.getFutureActionTimesList().stream().map(ScheduleServer::instant).toList(),
        recent,
        info.getBufferSize(),
        info.getActionCount(),
        new LostRuns(
            info.getOverlapSkipped(), info.getMissedCatchupWindow(), info.getBufferDropped()));
  }

  private String spec(DescribeScheduleResponse described) {
    Payload details =
        described.getSchedule().getAction().getStartWorkflow().getUserMetadata().getDetails();
    return details.getData().isEmpty() ? "" : server.decode(details);
  }
}
