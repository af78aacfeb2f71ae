package io.millrace.engine.schedule;

import com.google.protobuf.ByteString;
import com.google.protobuf.Timestamp;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.temporal.api.common.v1.Memo;
import io.temporal.api.common.v1.Payload;
import io.temporal.api.common.v1.WorkflowExecution;
import io.temporal.api.schedule.v1.Schedule;
import io.temporal.api.schedule.v1.ScheduleListEntry;
import io.temporal.api.schedule.v1.SchedulePatch;
import io.temporal.api.workflowservice.v1.CreateScheduleRequest;
import io.temporal.api.workflowservice.v1.DeleteScheduleRequest;
import io.temporal.api.workflowservice.v1.DescribeScheduleRequest;
import io.temporal.api.workflowservice.v1.DescribeScheduleResponse;
import io.temporal.api.workflowservice.v1.DescribeWorkflowExecutionRequest;
import io.temporal.api.workflowservice.v1.ListSchedulesRequest;
import io.temporal.api.workflowservice.v1.ListSchedulesResponse;
import io.temporal.api.workflowservice.v1.PatchScheduleRequest;
import io.temporal.api.workflowservice.v1.UpdateScheduleRequest;
import io.temporal.api.workflowservice.v1.WorkflowServiceGrpc.WorkflowServiceBlockingStub;
import io.temporal.client.WorkflowClient;
import io.temporal.common.converter.DataConverter;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;

/**
 * The server's calls about schedules, as it defines them: the SDK's own client cannot say which
 * version of a schedule an update is meant for, so that two updates at a time would overwrite each
 * other, and an operator's pause with them.
 */
final class ScheduleServer {

  private static final int PAGE = 200;
  private static final int MAX_BUSY = 100;
  private static final Duration WHILE_BUSY = Duration.ofMillis(100);

  private final WorkflowClient client;
  private final String namespace;

  ScheduleServer(WorkflowClient client) {
    this.client = client;
    this.namespace = client.getOptions().getNamespace();
  }

  private WorkflowServiceBlockingStub stub() {
    return client.getWorkflowServiceStubs().blockingStub();
  }

  DataConverter converter() {
    return client.getOptions().getDataConverter();
  }

  /** The ids of all schedules. The server's list lags a little behind. */
  List<String> ids() {
    List<String> ids = new ArrayList<>();
    ByteString page = ByteString.EMPTY;
    do {
      ListSchedulesResponse response =
          stub()
              .listSchedules(
                  ListSchedulesRequest.newBuilder()
                      .setNamespace(namespace)
                      .setMaximumPageSize(PAGE)
                      .setNextPageToken(page)
                      .build());
      response.getSchedulesList().stream().map(ScheduleListEntry::getScheduleId).forEach(ids::add);
      page = response.getNextPageToken();
    } while (!page.isEmpty());
    return ids;
  }

  /** One schedule; empty if there is none of this id. */
  Optional<DescribeScheduleResponse> describe(String id) {
    for (int busy = 0; ; busy++) {
      try {
        return Optional.of(
            stub()
                .describeSchedule(
                    DescribeScheduleRequest.newBuilder()
                        .setNamespace(namespace)
                        .setScheduleId(id)
                        .build()));
      } catch (StatusRuntimeException e) {
        if (is(e, Status.Code.NOT_FOUND)) {
          return Optional.empty();
        }
        // So the server answers when many ask for one schedule at a time, and while it deletes one.
        boolean passes = is(e, Status.Code.RESOURCE_EXHAUSTED) || is(e, Status.Code.CANCELLED);
        if (!passes || busy == MAX_BUSY) {
          throw e;
        }
        LockSupport.parkNanos(WHILE_BUSY.toNanos());
      }
    }
  }

  /**
   * Creates a schedule.
   *
   * @return false if there is one of this id already
   */
  boolean create(String id, Schedule schedule, Memo memo) {
    try {
      stub()
          .createSchedule(
              CreateScheduleRequest.newBuilder()
                  .setNamespace(namespace)
                  .setScheduleId(id)
                  .setSchedule(schedule)
                  .setMemo(memo)
                  .setIdentity(client.getOptions().getIdentity())
                  .setRequestId(UUID.randomUUID().toString())
                  .build());
      return true;
    } catch (StatusRuntimeException e) {
      if (is(e, Status.Code.ALREADY_EXISTS)) {
        return false;
      }
      throw e;
    }
  }

  /**
   * Replaces a schedule, if it has not changed since it was read.
   *
   * @param token of the version that was read
   * @return false if it has; true promises nothing, for the server may notice only later
   */
  boolean update(String id, Schedule schedule, ByteString token) {
    try {
      stub()
          .updateSchedule(
              UpdateScheduleRequest.newBuilder()
                  .setNamespace(namespace)
                  .setScheduleId(id)
                  .setSchedule(schedule)
                  .setConflictToken(token)
                  .setIdentity(client.getOptions().getIdentity())
                  .setRequestId(UUID.randomUUID().toString())
                  .build());
      return true;
    } catch (StatusRuntimeException e) {
      if (is(e, Status.Code.FAILED_PRECONDITION)
          || is(e, Status.Code.ABORTED)
          || is(e, Status.Code.NOT_FOUND)) {
        return false;
      }
      throw e;
    }
  }

  /**
   * Has the server do something to a schedule.
   *
   * @throws NoSuchElementException if there is no such schedule
   */
  void patch(String id, SchedulePatch patch) {
    try {
      stub()
          .patchSchedule(
              PatchScheduleRequest.newBuilder()
                  .setNamespace(namespace)
                  .setScheduleId(id)
                  .setPatch(patch)
                  .setIdentity(client.getOptions().getIdentity())
                  .setRequestId(UUID.randomUUID().toString())
                  .build());
    } catch (StatusRuntimeException e) {
      if (is(e, Status.Code.NOT_FOUND)) {
        throw noSuch(id);
      }
      throw e;
    }
  }

  /** Deletes a schedule; one that is gone already is no error. */
  void delete(String id) {
    try {
      stub()
          .deleteSchedule(
              DeleteScheduleRequest.newBuilder()
                  .setNamespace(namespace)
                  .setScheduleId(id)
                  .setIdentity(client.getOptions().getIdentity())
                  .build());
    } catch (StatusRuntimeException e) {
      if (!is(e, Status.Code.NOT_FOUND)) {
        throw e;
      }
    }
  }

  /** Whether the server knows a run. */
  boolean hasRun(String runId) {
    try {
      stub()
          .describeWorkflowExecution(
              DescribeWorkflowExecutionRequest.newBuilder()
                  .setNamespace(namespace)
                  .setExecution(WorkflowExecution.newBuilder().setWorkflowId(runId))
                  .build());
      return true;
    } catch (StatusRuntimeException e) {
      if (is(e, Status.Code.NOT_FOUND)) {
        return false;
      }
      throw e;
    }
  }

  /** The memo of a schedule's runs; empty if Millrace has not made it. */
  Optional<ScheduledRun> memo(DescribeScheduleResponse described) {
    return Optional.ofNullable(
            described
                .getSchedule()
                .getAction()
                .getStartWorkflow()
                .getMemo()
                .getFieldsMap()
                .get(ScheduledRun.MEMO))
        .map(memo -> converter().fromPayload(memo, ScheduledRun.class, ScheduledRun.class));
  }

  /** A text of a memo, or empty. */
  String text(Memo memo, String key) {
    Payload payload = memo.getFieldsMap().get(key);
    return payload == null ? "" : decode(payload);
  }

  String decode(Payload payload) {
    return converter().fromPayload(payload, String.class, String.class);
  }

  static NoSuchElementException noSuch(String id) {
    return new NoSuchElementException(
        "there is no schedule '%s'; see `millrace schedules list`".formatted(id));
  }

  static Instant instant(Timestamp time) {
    return Instant.ofEpochSecond(time.getSeconds(), time.getNanos());
  }

  static Timestamp timestamp(Instant time) {
    return Timestamp.newBuilder()
        .setSeconds(time.getEpochSecond())
        .setNanos(time.getNano())
        .build();
  }

  private static boolean is(StatusRuntimeException failure, Status.Code code) {
    return failure.getStatus().getCode() == code;
  }
}
