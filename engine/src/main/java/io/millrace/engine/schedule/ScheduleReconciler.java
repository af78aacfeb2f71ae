package io.millrace.engine.schedule;

import io.millrace.engine.schedule.PlannedChange.Change;
import io.temporal.api.common.v1.Memo;
import io.temporal.api.common.v1.Payload;
import io.temporal.api.schedule.v1.Schedule;
import io.temporal.api.schedule.v1.SchedulePatch;
import io.temporal.api.schedule.v1.ScheduleState;
import io.temporal.api.workflowservice.v1.DescribeScheduleResponse;
import io.temporal.client.WorkflowClient;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Makes the server's schedules those that are declared.
 *
 * <p>Touches only schedules that it made for the same owner and project, which it knows by their
 * memo, and keeps an operator's pause and note. Applying twice changes nothing, and several may
 * apply at the same time: each change is made to the version that was read, and decided again if
 * somebody else was faster.
 *
 * <p>A schedule that is no longer declared is retired, not deleted: it is paused, with a note that
 * says why. Declared again, it is as it was: paused with the operator's note if it was paused, else
 * active, with the runs that it missed as after any pause ({@link CatchUp#DECLARED}). Only pruning
 * deletes.
 */
public final class ScheduleReconciler {

  /** The memo of a schedule that says who declares it. */
  static final String OWNER = "millrace-owner";

  /** The memo of a schedule that says which of the owner's projects declares it. */
  static final String PROJECT = "millrace-project";

  /** The note of a retired schedule begins with it. */
  static final String RETIRED = "retired: no longer declared";

  private static final String PAUSED_BEFORE = RETIRED + "; paused before: ";
  private static final int ATTEMPTS = 20;

  private final ScheduleServer server;
  private final ScheduleUpdates updates;
  private final ScheduleProto proto;
  private final String taskQueue;
  private final String owner;
  private final String project;

  /**
   * Creates a reconciler of a project that is called as its task queue is.
   *
   * @param taskQueue the queue whose workers know the DAGs
   * @param owner who declares the schedules; those of other owners are left as they are
   */
  public ScheduleReconciler(WorkflowClient client, String taskQueue, String owner) {
    this(client, taskQueue, owner, taskQueue);
  }

  /**
   * Creates a reconciler.
   *
   * @param project which of the owner's projects declares the schedules; those of others are left
   *     as they are. A schedule that an earlier version made belongs to the project that is called
   *     as its task queue is
   */
  public ScheduleReconciler(WorkflowClient client, String taskQueue, String owner, String project) {
    this.server = new ScheduleServer(client);
    this.updates = new ScheduleUpdates(server);
    this.proto = new ScheduleProto(server.converter());
    this.taskQueue = taskQueue;
    this.owner = owner;
    this.project = project;
  }

  /** Says what {@link #apply} would do, in the order of the schedules' ids. */
  public List<PlannedChange> plan(List<DagSchedule> declared) {
    return plan(declared, false);
  }

  /** Says what {@link #apply(List, boolean)} would do. */
  public List<PlannedChange> plan(List<DagSchedule> declared, boolean prune) {
    Map<String, DagSchedule> wanted = byId(declared);
    List<PlannedChange> changes = new ArrayList<>();
    wanted.forEach((id, schedule) -> changes.add(change(schedule, server.describe(id))));
    for (String id : undeclared(wanted)) {
      server
          .describe(id)
          .filter(this::isOwn)
          .flatMap(own -> farewell(id, own, prune))
          .ifPresent(changes::add);
    }
    return changes;
  }

  /** Creates, updates, retires and restores until the server has what is declared. */
  public List<PlannedChange> apply(List<DagSchedule> declared) {
    return apply(declared, false);
  }

  /**
   * The same.
   *
   * @param prune whether schedules that are no longer declared are deleted instead of retired
   * @return what it did, in the order of the schedules' ids
   * @throws IllegalStateException if a declared schedule exists and belongs to another owner;
   *     nothing has been changed then
   */
  public List<PlannedChange> apply(List<DagSchedule> declared, boolean prune) {
    plan(declared, prune);
    Map<String, DagSchedule> wanted = byId(declared);
    List<PlannedChange> changes = new ArrayList<>();
    wanted.values().forEach(schedule -> changes.add(apply(schedule)));
    for (String id : undeclared(wanted)) {
      dismiss(id, prune).ifPresent(changes::add);
    }
    return changes;
  }

  private PlannedChange apply(DagSchedule schedule) {
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      Optional<DescribeScheduleResponse> present = server.describe(schedule.dag());
      PlannedChange change = change(schedule, present);
      boolean done =
          switch (change.change()) {
            case CREATE -> create(schedule);
            case UPDATE -> update(schedule, present.orElseThrow(), kept(present.orElseThrow()));
            case RESTORE -> restore(schedule, present.orElseThrow());
            default -> true;
          };
      if (done) {
        return change;
      }
    }
    throw busy(schedule.dag());
  }

  private Optional<PlannedChange> dismiss(String id, boolean prune) {
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      Optional<DescribeScheduleResponse> own = server.describe(id).filter(this::isOwn);
      Optional<PlannedChange> change = own.flatMap(found -> farewell(id, found, prune));
      if (change.isEmpty()) {
        return change;
      }
      if (prune) {
        server.delete(id);
        return change;
      }
      ScheduleState state = own.orElseThrow().getSchedule().getState();
      String note = state.getPaused() ? PAUSED_BEFORE + state.getNotes() : RETIRED;
      Schedule retired =
          own.get().getSchedule().toBuilder()
              .setState(state.toBuilder().setPaused(true).setNotes(note))
              .build();
      if (updates.replace(id, own.get(), retired).isPresent()) {
        return change;
      }
    }
    throw busy(id);
  }

  private static IllegalStateException busy(String id) {
    return new IllegalStateException(
        "Schedule '%s' was changed by others %d times meanwhile; apply again"
            .formatted(id, ATTEMPTS));
  }

  private Optional<PlannedChange> farewell(String id, DescribeScheduleResponse own, boolean prune) {
    if (prune) {
      return Optional.of(new PlannedChange(id, Change.DELETE, "no longer declared"));
    }
    return isRetired(own)
        ? Optional.empty()
        : Optional.of(
            new PlannedChange(
                id, Change.RETIRE, "no longer declared: paused; --prune would delete it"));
  }

  private static boolean isRetired(DescribeScheduleResponse found) {
    ScheduleState state = found.getSchedule().getState();
    return state.getPaused() && state.getNotes().startsWith(RETIRED);
  }

  private static ScheduleState kept(DescribeScheduleResponse present) {
    return present.getSchedule().getState();
  }

  private boolean update(
      DagSchedule schedule, DescribeScheduleResponse present, ScheduleState state) {
    return updates.change(
        schedule.dag(),
        present,
        ScheduledRun.of(schedule),
        memo -> proto.of(schedule, taskQueue, line(schedule), memo).setState(state).build());
  }

  /** It goes on as it was before it was retired. */
  private boolean restore(DagSchedule schedule, DescribeScheduleResponse present) {
    String note = present.getSchedule().getState().getNotes();
    boolean paused = note.startsWith(PAUSED_BEFORE);
    ScheduleState state =
        present.getSchedule().getState().toBuilder()
            .setPaused(paused)
            .setNotes(paused ? note.substring(PAUSED_BEFORE.length()) : "")
            .build();
    Instant now = Instant.now();
    if (!update(schedule, present, state)) {
      return false;
    }
    if (!paused) {
      runMissed(schedule.dag(), now);
    }
    return true;
  }

  private void runMissed(String id, Instant now) {
    DescribeScheduleResponse present = server.describe(id).orElseThrow();
    ScheduledRun memo = server.memo(present).orElseThrow();
    Unpaused missed = MissedRuns.since(server, id, present, memo, CatchUp.DECLARED, now);
    if (!missed.started().isEmpty()) {
      server.patch(
          id,
          SchedulePatch.newBuilder()
              .addAllBackfillRequest(MissedRuns.requests(missed.started(), present, memo))
              .build());
    }
  }

  private boolean create(DagSchedule schedule) {
    ScheduleState state =
        ScheduleState.newBuilder()
            .setPaused(schedule.paused())
            .setNotes(schedule.paused() ? "created paused" : "")
            .build();
    Memo memo =
        Memo.newBuilder()
            .putFields(OWNER, proto.payload(owner))
            .putFields(PROJECT, proto.payload(project))
            .build();
    return server.create(
        schedule.dag(),
        proto
            .of(schedule, taskQueue, line(schedule), ScheduledRun.of(schedule))
            .setState(state)
            .build(),
        memo);
  }

  private static Map<String, DagSchedule> byId(List<DagSchedule> declared) {
    return declared.stream()
        .collect(
            Collectors.toMap(
                DagSchedule::dag,
                schedule -> schedule,
                (first, second) -> {
                  throw new IllegalArgumentException(
                      "Two schedules are declared for " + first.dag());
                },
                TreeMap::new));
  }

  private List<String> undeclared(Map<String, DagSchedule> wanted) {
    return server.ids().stream().filter(id -> !wanted.containsKey(id)).sorted().toList();
  }

  /** The list lags behind what was just made, so those that are declared are asked for by id. */
  private PlannedChange change(DagSchedule schedule, Optional<DescribeScheduleResponse> present) {
    present.ifPresent(found -> requireOwn(schedule.dag(), found));
    Change change =
        present.isEmpty()
            ? Change.CREATE
            : isRetired(present.get())
                ? Change.RESTORE
                : lineOf(present.get()).equals(line(schedule)) ? Change.UNCHANGED : Change.UPDATE;
    return new PlannedChange(schedule.dag(), change, line(schedule));
  }

  private void requireOwn(String id, DescribeScheduleResponse found) {
    if (!isOwn(found)) {
      String other = server.text(found.getMemo(), OWNER);
      throw new IllegalStateException(
          ("Schedule '%s' exists, but '%s' did not make it in the project '%s'; %s. Delete it or"
                  + " give it another id")
              .formatted(
                  id,
                  owner,
                  project,
                  other.isEmpty()
                      ? "Millrace did not make it at all"
                      : "'%s' did, in the project '%s'".formatted(other, projectOf(found))));
    }
  }

  private boolean isOwn(DescribeScheduleResponse found) {
    return server.text(found.getMemo(), OWNER).equals(owner) && projectOf(found).equals(project);
  }

  /** Earlier versions wrote none down, and a memo cannot be changed. */
  private String projectOf(DescribeScheduleResponse found) {
    String written = server.text(found.getMemo(), PROJECT);
    return written.isEmpty()
        ? found.getSchedule().getAction().getStartWorkflow().getTaskQueue().getName()
        : written;
  }

  /** An update cannot change a schedule's memo, so the spec stands in the details of its runs. */
  private String lineOf(DescribeScheduleResponse found) {
    Payload details =
        found.getSchedule().getAction().getStartWorkflow().getUserMetadata().getDetails();
    return details.getData().isEmpty() ? "" : server.decode(details);
  }

  private String line(DagSchedule schedule) {
    return "%s queue=%s".formatted(schedule.spec(), taskQueue);
  }
}
