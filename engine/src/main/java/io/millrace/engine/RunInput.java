package io.millrace.engine;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.util.Timestamps;
import io.temporal.api.common.v1.Payload;
import io.temporal.api.common.v1.WorkflowExecution;
import io.temporal.api.history.v1.HistoryEvent;
import io.temporal.api.history.v1.WorkflowExecutionStartedEventAttributes;
import io.temporal.api.workflowservice.v1.GetWorkflowExecutionHistoryRequest;
import io.temporal.api.workflowservice.v1.GetWorkflowExecutionHistoryResponse;
import io.temporal.client.WorkflowClient;
import io.temporal.common.converter.DefaultDataConverter;
import io.temporal.common.converter.RawValue;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a run was started with, read from its history.
 *
 * @param dag the DAG
 * @param taskQueue whose workers know the DAG
 * @param fields its input; empty if it was started with none
 * @param logicalDate of the run, as {@link DataInterval#ofCurrentRun} tells it
 */
record RunInput(String dag, String taskQueue, ObjectNode fields, Instant logicalDate) {

  private static final String SCHEDULED_START = "TemporalScheduledStartTime";

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
        logicalDate(first, started));
  }

  /** The input of a run that does again what failed, for the same interval. */
  ObjectNode again(
      String runId,
      @Nullable ObjectNode params,
      List<String> clear,
      @Nullable String by,
      @Nullable String why) {
    ObjectNode input = params == null ? fields.deepCopy() : params.deepCopy();
    JsonNode before = fields.path(RunOptions.FIELD);
    ObjectNode run =
        before instanceof ObjectNode object
            ? object.deepCopy()
            : JsonNodeFactory.instance.objectNode();
    run.remove(List.of("breakpoints", "by", "why"));
    if (!run.hasNonNull("logicalDate")) {
      run.put("logicalDate", logicalDate.toString());
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

  private static Instant logicalDate(
      HistoryEvent first, WorkflowExecutionStartedEventAttributes started) {
    Payload scheduled = started.getSearchAttributes().getIndexedFieldsMap().get(SCHEDULED_START);
    String nominal =
        scheduled == null
            ? null
            : DefaultDataConverter.STANDARD_INSTANCE.fromPayload(
                scheduled, String.class, String.class);
    return nominal == null
        ? Instant.ofEpochMilli(Timestamps.toMillis(first.getEventTime()))
        : Instant.parse(nominal);
  }
}
