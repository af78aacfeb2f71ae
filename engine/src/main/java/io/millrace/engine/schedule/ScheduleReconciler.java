package io.millrace.engine.schedule;

import io.millrace.engine.schedule.PlannedChange.Change;
import io.temporal.api.enums.v1.ScheduleOverlapPolicy;
import io.temporal.client.WorkflowOptions;
import io.temporal.client.schedules.Schedule;
import io.temporal.client.schedules.ScheduleActionStartWorkflow;
import io.temporal.client.schedules.ScheduleClient;
import io.temporal.client.schedules.ScheduleDescription;
import io.temporal.client.schedules.ScheduleHandle;
import io.temporal.client.schedules.ScheduleListDescription;
import io.temporal.client.schedules.ScheduleOptions;
import io.temporal.client.schedules.SchedulePolicy;
import io.temporal.client.schedules.ScheduleSpec;
import io.temporal.client.schedules.ScheduleUpdate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
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

  private static final String OWNER = "millrace-owner";

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
    Map<String, String> present = ownSpecs();
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

  private static PlannedChange change(DagSchedule schedule, Map<String, String> present) {
    String spec = present.get(schedule.dag());
    Change change =
        spec == null
            ? Change.CREATE
            : spec.equals(schedule.spec()) ? Change.UNCHANGED : Change.UPDATE;
    return new PlannedChange(schedule.dag(), change, schedule.spec());
  }

  private Map<String, String> ownSpecs() {
    Map<String, String> specs = new TreeMap<>();
    try (Stream<ScheduleListDescription> schedules = client.listSchedules()) {
      schedules
          .map(listed -> client.getHandle(listed.getScheduleId()).describe())
          .filter(this::isOwn)
          .forEach(own -> specs.put(own.getId(), specOf(own)));
    }
    return specs;
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

  private void create(DagSchedule schedule) {
    client.createSchedule(
        schedule.dag(),
        scheduleOf(schedule),
        ScheduleOptions.newBuilder().setMemo(Map.of(OWNER, owner)).build());
  }

  private Schedule scheduleOf(DagSchedule declared) {
    return Schedule.newBuilder()
        .setSpec(
            ScheduleSpec.newBuilder()
                .setCronExpressions(List.of(declared.cron()))
                .setTimeZoneName(declared.zone().getId())
                .build())
        .setPolicy(
            SchedulePolicy.newBuilder()
                .setOverlap(ScheduleOverlapPolicy.SCHEDULE_OVERLAP_POLICY_BUFFER_ONE)
                .setCatchupWindow(declared.catchupWindow())
                .build())
        .setAction(
            ScheduleActionStartWorkflow.newBuilder()
                .setWorkflowType(declared.dag())
                .setOptions(
                    WorkflowOptions.newBuilder()
                        .setWorkflowId(declared.dag())
                        .setTaskQueue(taskQueue)
                        .setStaticSummary("%s (scheduled)".formatted(declared.dag()))
                        .setStaticDetails(declared.spec())
                        .build())
                .build())
        .build();
  }
}
