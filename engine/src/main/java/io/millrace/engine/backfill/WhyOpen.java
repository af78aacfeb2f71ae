package io.millrace.engine.backfill;

import com.google.protobuf.Timestamp;
import com.google.protobuf.util.Durations;
import com.google.protobuf.util.Timestamps;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.millrace.engine.DagRuns;
import io.millrace.engine.NodeState;
import io.millrace.engine.RunReport;
import io.millrace.engine.TaskReport;
import io.millrace.engine.backfill.BackfillReport.DateReport;
import io.millrace.engine.backfill.BackfillReport.DateState;
import io.millrace.engine.deployment.Poller;
import io.millrace.engine.deployment.Pollers;
import io.temporal.api.common.v1.WorkflowExecution;
import io.temporal.api.enums.v1.PendingActivityState;
import io.temporal.api.enums.v1.WorkflowExecutionStatus;
import io.temporal.api.workflow.v1.PendingActivityInfo;
import io.temporal.api.workflowservice.v1.DescribeWorkflowExecutionRequest;
import io.temporal.api.workflowservice.v1.DescribeWorkflowExecutionResponse;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Why a date of a backfill is still open: from what the server knows of its run, of the run's
 * pending activities and of the workers that poll, and from the run's own report if a worker can
 * give it.
 */
final class WhyOpen {

  /** So many dates are explained; the later ones mostly wait for the same. */
  static final int MAX_DATES = 50;

  private static final int MAX_REASONS = 3;
  private static final Duration PATIENCE = Duration.ofSeconds(3);

  /** The lookup of the run before is not a task: the report says better what it is about. */
  private static final String ENGINE = "millrace_";

  private final WorkflowClient client;
  private final DagRuns runs;
  private final Map<String, List<Poller>> pollers = new HashMap<>();

  WhyOpen(WorkflowClient client) {
    this.client = client;
    this.runs = new DagRuns(client, "", PATIENCE);
  }

  BackfillReport explain(BackfillReport report) {
    List<DateReport> dates = new ArrayList<>();
    int explained = 0;
    for (DateReport date : report.dates()) {
      boolean open = date.state() == DateState.RUNNING && explained < MAX_DATES;
      explained += open ? 1 : 0;
      dates.add(
          open
              ? new DateReport(date.date(), date.runId(), date.state(), reason(date.runId()))
              : date);
    }
    return report.withDates(dates);
  }

  /** One line, of the first reasons. */
  String reason(String runId) {
    List<String> reasons = reasons(runId);
    int more = reasons.size() - MAX_REASONS;
    return String.join("; ", reasons.subList(0, Math.min(MAX_REASONS, reasons.size())))
        + (more > 0 ? "; and %d more".formatted(more) : "");
  }

  /** At least one. */
  List<String> reasons(String runId) {
    DescribeWorkflowExecutionResponse run;
    try {
      run = describe(runId);
    } catch (StatusRuntimeException e) {
      if (e.getStatus().getCode() == Status.Code.NOT_FOUND) {
        return List.of("its run is about to be started");
      }
      throw e;
    }
    WorkflowExecutionStatus status = run.getWorkflowExecutionInfo().getStatus();
    if (status != WorkflowExecutionStatus.WORKFLOW_EXECUTION_STATUS_RUNNING) {
      return List.of("its run has ended; the backfill is about to see it");
    }
    String queue = run.getExecutionConfig().getTaskQueue().getName();
    if (workers(queue, "workflow").isEmpty()) {
      return List.of("no worker polls the task queue '%s' of the run".formatted(queue));
    }
    return reasons(run, queue, report(runId));
  }

  private List<String> reasons(
      DescribeWorkflowExecutionResponse run, String queue, Optional<RunReport> report) {
    List<String> reasons = new ArrayList<>();
    report.flatMap(WhyOpen::ofWholeRun).ifPresent(reasons::add);
    run.getPendingActivitiesList().stream()
        .filter(activity -> !activity.getActivityType().getName().startsWith(ENGINE))
        .map(activity -> reason(activity, queue))
        .forEach(reasons::add);
    report.ifPresent(now -> now.tasks().forEach(task -> waiting(task).ifPresent(reasons::add)));
    run.getPendingChildrenList()
        .forEach(child -> reasons.add("waits for the run " + child.getWorkflowId()));
    if (reasons.isEmpty()) {
      reasons.add(
          report.isPresent()
              ? "between two tasks"
              : "no worker has answered for it within %ds".formatted(PATIENCE.toSeconds()));
    }
    return reasons;
  }

  private static Optional<String> ofWholeRun(RunReport report) {
    return switch (report.state()) {
      case QUEUED ->
          Optional.of(
              "waits for a free place among the active runs of its schedule (pool runs.%s)"
                  .formatted(report.dag()));
      case HELD -> Optional.of("is held: clear, mark or release it");
      default -> Optional.empty();
    };
  }

  private static Optional<String> waiting(TaskReport task) {
    if (task.state() == NodeState.AWAITING_INPUT) {
      return Optional.of("%s waits for a person: %s".formatted(task.id(), task.detail()));
    }
    return task.state() == NodeState.NONE && !task.detail().isEmpty()
        ? Optional.of("%s %s".formatted(task.id(), task.detail()))
        : Optional.empty();
  }

  private String reason(PendingActivityInfo activity, String queueOfRun) {
    String queue = activity.getActivityOptions().getTaskQueue().getName();
    List<Poller> there = workers(queue.isEmpty() ? queueOfRun : queue, "activity");
    String name = activity.getActivityType().getName();
    String failed =
        activity.hasLastFailure() ? ", after: " + activity.getLastFailure().getMessage() : "";
    if (activity.getState() == PendingActivityState.PENDING_ACTIVITY_STATE_SCHEDULED) {
      if (there.isEmpty()) {
        return "%s waits: no worker polls the task queue '%s'%s".formatted(name, queue, failed);
      }
      return activity.hasNextAttemptScheduleTime()
          ? "%s is tried again at %s (attempt %d)%s"
              .formatted(
                  name, time(activity.getNextAttemptScheduleTime()), activity.getAttempt(), failed)
          : "%s waits for a free worker of '%s' since %s%s"
              .formatted(name, queue, time(activity.getScheduledTime()), failed);
    }
    return "%s runs since %s (attempt %d)%s%s"
        .formatted(
            name,
            time(activity.getLastStartedTime()),
            activity.getAttempt(),
            worker(activity, there),
            failed);
  }

  /** Whether the one that runs it is still there, and until when the server waits for it. */
  private static String worker(PendingActivityInfo activity, List<Poller> there) {
    String identity = activity.getLastWorkerIdentity();
    boolean beats = Durations.isPositive(activity.getActivityOptions().getHeartbeatTimeout());
    String heartbeat =
        activity.hasLastHeartbeatTime()
            ? ", last heartbeat " + time(activity.getLastHeartbeatTime())
            : beats ? ", no heartbeat yet" : "";
    if (there.stream().anyMatch(poller -> poller.identity().equals(identity))) {
      return " on %s%s".formatted(identity, heartbeat);
    }
    Timestamp last =
        beats && activity.hasLastHeartbeatTime()
            ? activity.getLastHeartbeatTime()
            : activity.getLastStartedTime();
    return " on %s, which is gone%s; the server tries again at %s%s"
        .formatted(
            identity,
            heartbeat,
            time(
                Timestamps.add(
                    last,
                    beats
                        ? activity.getActivityOptions().getHeartbeatTimeout()
                        : activity.getActivityOptions().getStartToCloseTimeout())),
            beats ? "" : ", for the task has no heartbeat");
  }

  private static Instant time(Timestamp time) {
    return Instant.ofEpochSecond(time.getSeconds()).truncatedTo(ChronoUnit.SECONDS);
  }

  private Optional<RunReport> report(String runId) {
    try {
      return Optional.of(runs.describe(runId));
    } catch (WorkflowException | StatusRuntimeException e) {
      return Optional.empty(); // its worker is busy or dead: the server's own view must do
    }
  }

  private List<Poller> workers(String queue, String kind) {
    return pollers
        .computeIfAbsent(queue, name -> new Pollers(client, Clock.systemUTC()).alive(List.of(name)))
        .stream()
        .filter(poller -> poller.kind().equals(kind))
        .toList();
  }

  private DescribeWorkflowExecutionResponse describe(String runId) {
    return client
        .getWorkflowServiceStubs()
        .blockingStub()
        .describeWorkflowExecution(
            DescribeWorkflowExecutionRequest.newBuilder()
                .setNamespace(client.getOptions().getNamespace())
                .setExecution(WorkflowExecution.newBuilder().setWorkflowId(runId))
                .build());
  }
}
