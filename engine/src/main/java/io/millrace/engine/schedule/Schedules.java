package io.millrace.engine.schedule;

import com.google.protobuf.ByteString;
import com.google.protobuf.Timestamp;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.millrace.engine.schedule.ScheduleStatus.RecentRun;
import io.temporal.api.common.v1.Memo;
import io.temporal.api.common.v1.Payload;
import io.temporal.api.schedule.v1.ScheduleActionResult;
import io.temporal.api.schedule.v1.ScheduleInfo;
import io.temporal.api.schedule.v1.ScheduleListEntry;
import io.temporal.api.workflowservice.v1.DescribeScheduleRequest;
import io.temporal.api.workflowservice.v1.DescribeScheduleResponse;
import io.temporal.api.workflowservice.v1.ListSchedulesRequest;
import io.temporal.api.workflowservice.v1.ListSchedulesResponse;
import io.temporal.client.WorkflowClient;
import io.temporal.client.schedules.ScheduleClient;
import io.temporal.client.schedules.ScheduleClientOptions;
import io.temporal.client.schedules.ScheduleException;
import io.temporal.client.schedules.ScheduleHandle;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The schedules on the server: how they stand, and what an operator does with one.
 *
 * <p>Safe for use by many threads.
 */
public final class Schedules {

  private static final int PAGE = 200;
  private static final String STATUS_PREFIX = "WORKFLOW_EXECUTION_STATUS_";

  private final WorkflowClient client;
  private final ScheduleClient schedules;

  /** Creates a client. */
  public Schedules(WorkflowClient client) {
    this.client = client;
    this.schedules =
        ScheduleClient.newInstance(
            client.getWorkflowServiceStubs(),
            ScheduleClientOptions.newBuilder()
                .setNamespace(client.getOptions().getNamespace())
                .setDataConverter(client.getOptions().getDataConverter())
                .build());
  }

  /** Every schedule of the namespace, by id. The server's list lags a little behind. */
  public List<ScheduleStatus> list() {
    List<ScheduleStatus> found = new ArrayList<>();
    ByteString page = ByteString.EMPTY;
    do {
      ListSchedulesResponse response =
          client
              .getWorkflowServiceStubs()
              .blockingStub()
              .listSchedules(
                  ListSchedulesRequest.newBuilder()
                      .setNamespace(client.getOptions().getNamespace())
                      .setMaximumPageSize(PAGE)
                      .setNextPageToken(page)
                      .build());
      for (ScheduleListEntry entry : response.getSchedulesList()) {
        describe(entry.getScheduleId()).ifPresent(found::add);
      }
      page = response.getNextPageToken();
    } while (!page.isEmpty());
    found.sort(Comparator.comparing(ScheduleStatus::schedule));
    return found;
  }

  /** One schedule; empty if there is none of this id. */
  public Optional<ScheduleStatus> describe(String id) {
    try {
      return Optional.of(
          status(
              id,
              client
                  .getWorkflowServiceStubs()
                  .blockingStub()
                  .describeSchedule(
                      DescribeScheduleRequest.newBuilder()
                          .setNamespace(client.getOptions().getNamespace())
                          .setScheduleId(id)
                          .build())));
    } catch (StatusRuntimeException e) {
      if (e.getStatus().getCode() == Status.Code.NOT_FOUND) {
        return Optional.empty();
      }
      throw e;
    }
  }

  /**
   * Lets a schedule start nothing until {@link #unpause}; active runs go on. Applying the declared
   * schedules keeps the pause.
   *
   * @throws NoSuchElementException if there is no such schedule
   */
  public void pause(String id, String reason) {
    on(id, handle -> handle.pause(reason));
  }

  /** Lets a schedule start runs again. */
  public void unpause(String id, String reason) {
    on(id, handle -> handle.unpause(reason));
  }

  /** Starts a run now, also of a paused schedule; its nominal time is now. */
  public void trigger(String id) {
    on(id, ScheduleHandle::trigger);
  }

  private void on(String id, Consumer<ScheduleHandle> action) {
    try {
      action.accept(schedules.getHandle(id));
    } catch (ScheduleException e) {
      if (e.getCause() instanceof StatusRuntimeException status
          && status.getStatus().getCode() == Status.Code.NOT_FOUND) {
        throw new NoSuchElementException(
            "there is no schedule '%s'; see `millrace schedules list`".formatted(id));
      }
      throw e;
    }
  }

  private ScheduleStatus status(String id, DescribeScheduleResponse described) {
    ScheduleInfo info = described.getInfo();
    List<RecentRun> recent = new ArrayList<>();
    for (ScheduleActionResult run : info.getRecentActionsList()) {
      recent.add(
          0,
          new RecentRun(
              run.getStartWorkflowResult().getWorkflowId(),
              instant(run.getScheduleTime()),
              instant(run.getActualTime()),
              run.getStartWorkflowStatus().name().replace(STATUS_PREFIX, "")));
    }
    return new ScheduleStatus(
        id,
        text(described.getMemo(), ScheduleReconciler.OWNER),
        spec(described),
        described.getSchedule().getState().getPaused(),
        described.getSchedule().getState().getNotes(),
        info.getFutureActionTimesList().stream().map(Schedules::instant).toList(),
        recent,
        info.getBufferSize(),
        info.getActionCount(),
        new LostRuns(
            info.getOverlapSkipped(), info.getMissedCatchupWindow(), info.getBufferDropped()));
  }

  private String spec(DescribeScheduleResponse described) {
    Payload details =
        described.getSchedule().getAction().getStartWorkflow().getUserMetadata().getDetails();
    return details.getData().isEmpty() ? "" : decode(details);
  }

  private String text(Memo memo, String key) {
    return memo.containsFields(key) ? decode(memo.getFieldsOrThrow(key)) : "";
  }

  private String decode(Payload payload) {
    return client.getOptions().getDataConverter().fromPayload(payload, String.class, String.class);
  }

  private static Instant instant(Timestamp time) {
    return Instant.ofEpochSecond(time.getSeconds(), time.getNanos());
  }
}
