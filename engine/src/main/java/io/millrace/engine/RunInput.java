package io.millrace.engine;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.util.Timestamps;
import io.millrace.engine.schedule.ScheduledRun;
import io.temporal.api.common.v1.Payload;
import io.temporal.api.common.v1.WorkflowExecution;
import io.temporal.api.history.v1.HistoryEvent;
import io.temporal.api.history.v1.WorkflowExecutionStartedEventAttributes;
import io.temporal.api.workflowservice.v1.GetWorkflowExecutionHistoryRequest;
import io.temporal.api.workflowservice.v1.GetWorkflowExecutionHistoryResponse;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowOptions;
import io.temporal.common.SearchAttributes;
import io.temporal.common.converter.DefaultDataConverter;
import io.temporal.common.converter.RawValue;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a run was started with, read from its history.
 *
 * @param dag the DAG
 * @param taskQueue whose workers know the DAG
 * @param fields its input; empty if it was started with none
 * @param startedAt when
 * @param nominal the nominal time, if a schedule or a backfill has given one
 * @param schedule what a schedule or a backfill has written into its memo
 */
record RunInput(
    String dag,
    String taskQueue,
    ObjectNode fields,
    Instant startedAt,
    @Nullable Instant nominal,
    @Nullable ScheduledRun schedule) {

  /**
   * Reads the first event of a run's latest execution.
   *
   * @throws DagRuns.Refused if its input is not one JSON object
   */
  static RunInput read(WorkflowClient client, String runId) {
    GetWorkflowExecutionHistoryResponse page =
        client
            .getWorkflowServiceStubs()
            .blockingStub()
            .getWorkflowExecutionHistory(
                GetWorkflowExecutionHistoryRequest.newBuilder()
                    .setNamespace(client.getOptions().getNamespace())
                    .setExecution(WorkflowExecution.newBuilder().setWorkflowId(runId))
                    .setMaximumPageSize(1)
                    .build());
    HistoryEvent first = page.getHistory().getEvents(0);
    var started = first.getWorkflowExecutionStartedEventAttributes();
    return new RunInput(
        started.getWorkflowType().getName(),
        started.getTaskQueue().getName(),
        fields(client, runId, started),
        Instant.ofEpochMilli(Timestamps.toMillis(first.getEventTime())),
        nominal(started),
        schedule(client, started));
  }

  /** What makes a rerun one for the same date. */
  WorkflowOptions.Builder sameDate() {
    WorkflowOptions.Builder options = WorkflowOptions.newBuilder();
    if (nominal != null) {
      options.setTypedSearchAttributes(
          SearchAttributes.newBuilder()
              .set(DataInterval.SCHEDULED_START, nominal.atOffset(ZoneOffset.UTC))
              .build());
    }
    if (schedule != null) {
      options.setMemo(Map.of(ScheduledRun.MEMO, schedule.byHand()));
    }
    return options;
  }

  /** The input of a run that does again what failed, for the same interval. */
  ObjectNode again(
      String runId,
      @Nullable ObjectNode params,
      List<String> clear,
      @Nullable String by,
      @Nullable String why) {
    ObjectNode input = fields.deepCopy();
    if (params != null) {
      input.setAll(params.deepCopy());
    }
    JsonNode before = fields.path(RunOptions.FIELD);
    ObjectNode run =
        before instanceof ObjectNode object
            ? object.deepCopy()
            : JsonNodeFactory.instance.objectNode();
    run.remove(List.of("breakpoints", "by", "why"));
    if (!run.hasNonNull("logicalDate") && schedule == null) {
      run.put("logicalDate", (nominal == null ? startedAt : nominal).toString());
    }
    run.put("rerunOf", runId);
    run.putPOJO("clear", clear);
    if (by != null) {
      run.put("by", by);
    }
    if (why != null) {
      run.put("why", why);
    }
    input.set(RunOptions.FIELD, run);
    return input;
  }

  private static ObjectNode fields(
      WorkflowClient client, String runId, WorkflowExecutionStartedEventAttributes started) {
    if (started.getInput().getPayloadsCount() == 0) {
      return JsonNodeFactory.instance.objectNode();
    }
    RawValue raw =
        client
            .getOptions()
            .getDataConverter()
            .fromPayload(started.getInput().getPayloads(0), RawValue.class, RawValue.class);
    JsonNode input = raw == null ? null : Json.parse(raw.getPayload().getData());
    if (input == null || input.isNull()) {
      return JsonNodeFactory.instance.objectNode();
    }
    if (input instanceof ObjectNode object) {
      return object;
    }
    throw new DagRuns.Refused(
        "the input of run %s is not a JSON object; give the params of the new run".formatted(runId),
        false,
        null);
  }

  private static @Nullable Instant nominal(WorkflowExecutionStartedEventAttributes started) {
    Payload time =
        started
            .getSearchAttributes()
            .getIndexedFieldsMap()
            .get(DataInterval.SCHEDULED_START.getName());
    return time == null
        ? null
        : Instant.parse(
            DefaultDataConverter.STANDARD_INSTANCE.fromPayload(time, String.class, String.class));
  }

  private static @Nullable ScheduledRun schedule(
      WorkflowClient client, WorkflowExecutionStartedEventAttributes started) {
    Payload memo = started.getMemo().getFieldsMap().get(ScheduledRun.MEMO);
    return memo == null
        ? null
        : client
            .getOptions()
            .getDataConverter()
            .fromPayload(memo, ScheduledRun.class, ScheduledRun.class);
  }
}
