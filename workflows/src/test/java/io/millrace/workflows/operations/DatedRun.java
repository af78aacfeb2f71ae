package io.millrace.workflows.operations;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.millrace.engine.RunReport;
import io.millrace.engine.schedule.ScheduledRun;
import io.millrace.engine.schedule.ScheduledRun.Before;
import io.millrace.engine.testing.DagTest;
import io.temporal.api.enums.v1.IndexedValueType;
import io.temporal.api.operatorservice.v1.AddSearchAttributesRequest;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowOptions;
import io.temporal.client.WorkflowStub;
import io.temporal.common.SearchAttributeKey;
import io.temporal.common.SearchAttributes;
import io.temporal.serviceclient.OperatorServiceStubs;
import io.temporal.serviceclient.OperatorServiceStubsOptions;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;

/** Runs a DAG as its schedule or a backfill does. */
public final class DatedRun {
  private static final String NOMINAL = "TemporalScheduledStartTime";

  private DatedRun() {}

  /** A run of an hourly schedule. */
  public static RunReport ofSchedule(DagTest dag, String name, Instant nominal) {
    return run(dag, name, nominal, new ScheduledRun("@hourly", false, 0), Map.of());
  }

  /** A run of a backfill. */
  public static RunReport ofBackfill(
      DagTest dag, String name, Instant nominal, Map<String, Object> params) {
    return run(
        dag, name, nominal, ScheduledRun.ofBackfill("@hourly", "backfill/x", Before.NONE), params);
  }

  /** A rerun by hand of a backfill's run. */
  public static RunReport ofBackfillAgain(DagTest dag, String name, Instant nominal) {
    return run(
        dag,
        name,
        nominal,
        ScheduledRun.ofBackfill("@hourly", "backfill/x", Before.ADJACENT).byHand(),
        Map.of());
  }

  private static RunReport run(
      DagTest dag, String name, Instant nominal, ScheduledRun memo, Map<String, Object> params) {
    dag.run(null); // starts the server
    registerNominalTime(dag.client());
    WorkflowStub run =
        dag.client()
            .newUntypedWorkflowStub(
                name,
                WorkflowOptions.newBuilder()
                    .setTaskQueue(name)
                    .setMemo(Map.of(ScheduledRun.MEMO, memo))
                    .setTypedSearchAttributes(
                        SearchAttributes.newBuilder()
                            .set(
                                SearchAttributeKey.forOffsetDateTime(NOMINAL),
                                nominal.atOffset(ZoneOffset.UTC))
                            .build())
                    .build());
    run.start(params);
    return run.getResult(RunReport.class);
  }

  /** The in-memory server does not know it by itself. */
  private static void registerNominalTime(WorkflowClient client) {
    try {
      OperatorServiceStubs.newServiceStubs(
              OperatorServiceStubsOptions.newBuilder()
                  .setChannel(client.getWorkflowServiceStubs().getRawChannel())
                  .validateAndBuildWithDefaults())
          .blockingStub()
          .addSearchAttributes(
              AddSearchAttributesRequest.newBuilder()
                  .setNamespace(client.getOptions().getNamespace())
                  .putSearchAttributes(NOMINAL, IndexedValueType.INDEXED_VALUE_TYPE_DATETIME)
                  .build());
    } catch (StatusRuntimeException e) {
      if (e.getStatus().getCode() != Status.Code.ALREADY_EXISTS) {
        throw e;
      }
    }
  }
}
