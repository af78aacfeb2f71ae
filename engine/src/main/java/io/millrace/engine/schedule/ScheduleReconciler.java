package io.millrace.engine.schedule;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.millrace.engine.schedule.PlannedChange.Change;
import io.temporal.client.schedules.Schedule;
import io.temporal.client.schedules.ScheduleActionStartWorkflow;
import io.temporal.client.schedules.ScheduleClient;
import io.temporal.client.schedules.ScheduleDescription;
import io.temporal.client.schedules.ScheduleException;
import io.temporal.client.schedules.ScheduleHandle;
import io.temporal.client.schedules.ScheduleListDescription;
import io.temporal.client.schedules.ScheduleOptions;
import io.temporal.client.schedules.ScheduleState;
import io.temporal.client.schedules.ScheduleUpdate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Makes the server's schedules those that are declared.
 *
 * <p>Touches only schedules that it made, which it knows by their memo, and keeps an operator's
 * pause and note. Applying twice changes nothing.
 */
public final class ScheduleReconciler {

  /** The memo of a schedule that says who declares it. */
  static final String OWNER = "millrace-owner";

  private final ScheduleClient client;
  private final String taskQueue;
  private final String owner;

  /**
   * Creates a reconciler.
   *
   * @param taskQueue the queue whose workers know the DAGs
   * @param owner who declares the schedules; those of other owners are left alone
   */
  public ScheduleReconciler(ScheduleClient client, String taskQueue, String owner) {
    this.client = client;
    this.taskQueue = taskQueue;
    this.owner = owner;
  }

  /** Says what {@link #apply} would do, in the order of the schedules' ids. */
  public List<PlannedChange> plan(List<DagSchedule> declared) {
    Map<String, DagSchedule> wanted = byId(declared);
    List<PlannedChange> changes = new ArrayList<>();
    Map<String, String> present = ownSpecs(wanted.keySet());
    wanted.forEach((id, schedule) -> changes.add(change(schedule, present)));
    present.keySet().stream()
        .filter(id -> !wanted.containsKey(id))
        .forEach(id -> changes.add(new PlannedChange(id, Change.DELETE, "no longer declared")));
    return changes;
  }

  /** Creates, updates and deletes until the server has what is declared; returns what it did. */
  public List<PlannedChange> apply(List<DagSchedule> declared) {
    Map<String, DagSchedule> wanted = byId(declared);
    List<PlannedChange> changes = plan(declared);
    for (PlannedChange change : changes) {
      ScheduleHandle handle = client.getHandle(change.schedule());
      DagSchedule schedule = wanted.get(change.schedule());
      if (schedule == null) {
        handle.delete();
      } else if (change.change() == Change.CREATE) {
        create(schedule);
      } else if (change.change() == Change.UPDATE) {
        handle.update(input -> new ScheduleUpdate(updated(input.getDescription(), schedule)));
      }
    }
    return changes;
  }

  /** The state holds an operator's pause and note: it stays as it is. */
  private Schedule updated(ScheduleDescription present, DagSchedule schedule) {
    return Schedule.newBuilder(scheduleOf(schedule))
        .setState(present.getSchedule().getState())
        .build();
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

  private PlannedChange change(DagSchedule schedule, Map<String, String> present) {
    String spec = present.get(schedule.dag());
    Change change =
        spec == null
            ? Change.CREATE
            : spec.equals(line(schedule)) ? Change.UNCHANGED : Change.UPDATE;
    return new PlannedChange(schedule.dag(), change, line(schedule));
  }

  /**
   * The specs of our schedules. The list lags behind what was just made, so those that are declared
   * are asked for one by one.
   *
   * @throws IllegalStateException if a declared schedule exists and belongs to somebody else
   */
  private Map<String, String> ownSpecs(Set<String> wanted) {
    Map<String, String> specs = new TreeMap<>();
    for (String id : wanted) {
      describe(id)
          .ifPresent(
              found -> {
                requireOwn(found);
                specs.put(id, specOf(found));
              });
    }
    List<String> others;
    try (Stream<ScheduleListDescription> schedules = client.listSchedules()) {
      others =
          schedules
              .map(ScheduleListDescription::getScheduleId)
              .filter(id -> !wanted.contains(id))
              .toList();
    }
    others.stream()
        .flatMap(id -> describe(id).stream())
        .filter(this::isOwn)
        .forEach(own -> specs.put(own.getId(), specOf(own)));
    return specs;
  }

  private Optional<ScheduleDescription> describe(String id) {
    try {
      return Optional.of(client.getHandle(id).describe());
    } catch (ScheduleException e) {
      if (e.getCause() instanceof StatusRuntimeException status
          && status.getStatus().getCode() == Status.Code.NOT_FOUND) {
        return Optional.empty();
      }
      throw e;
    }
  }

  private void requireOwn(ScheduleDescription found) {
    if (!isOwn(found)) {
      throw new IllegalStateException(
          "Schedule '%s' exists, but '%s' did not make it: delete it or give it another id"
              .formatted(found.getId(), owner));
    }
  }

  private boolean isOwn(ScheduleDescription description) {
    return owner.equals(description.getMemo(OWNER, String.class));
  }

  /** An update cannot change a schedule's memo, so the spec stands in the details of its runs. */
  private static String specOf(ScheduleDescription description) {
    if (description.getSchedule().getAction() instanceof ScheduleActionStartWorkflow start
        && start.getOptions().getStaticDetails() != null) {
      return start.getOptions().getStaticDetails();
    }
    return "";
  }

  private String line(DagSchedule schedule) {
    return "%s queue=%s".formatted(schedule.spec(), taskQueue);
  }

  private void create(DagSchedule schedule) {
    client.createSchedule(
        schedule.dag(),
        Schedule.newBuilder(scheduleOf(schedule))
            .setState(
                ScheduleState.newBuilder()
                    .setPaused(schedule.paused())
                    .setNote(schedule.paused() ? "created paused" : "")
                    .build())
            .build(),
        ScheduleOptions.newBuilder().setMemo(Map.of(OWNER, owner)).build());
  }

  private Schedule scheduleOf(DagSchedule declared) {
    return ScheduleMapping.of(declared, taskQueue, line(declared));
  }
}
