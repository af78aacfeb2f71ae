package io.millrace.engine.payload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.engine.DagRunOps.GateAnswer;
import io.millrace.engine.DagRuns;
import io.millrace.engine.NodeState;
import io.millrace.engine.RunReport;
import io.millrace.engine.RunReport.RunState;
import io.millrace.engine.payload.GrainDags.Harvest;
import io.millrace.testing.Waiting;
import io.temporal.api.enums.v1.EventType;
import io.temporal.api.history.v1.HistoryEvent;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowFailedException;
import io.temporal.client.WorkflowUpdateException;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Values that are gone, and a store that is down, on a real server: nothing hangs. */
class UnreadablePayloadIT {

  private static final PayloadOptions PLAIN = PayloadOptions.DEFAULT;

  private final MemoryBlobStore store = new MemoryBlobStore();
  private final GrainWorkers workers = new GrainWorkers();

  @AfterEach
  void stopWorkers() {
    workers.close();
  }

  @Test
  void anInputThatCannotBeDecodedFailsTheRun() {
    workers.start("lost", store, PLAIN);
    DagRuns elsewhere = workers.runs("lost", new MemoryBlobStore(), PLAIN);

    String id = elsewhere.trigger("bulky", new Harvest(1, "", new GrainDags.Farm().reap(1 << 20)));

    assertThatThrownBy(() -> elsewhere.await(id, Waiting.LIMIT))
        .isInstanceOfSatisfying(
            WorkflowFailedException.class,
            e ->
                assertThat(DagRuns.explain(e))
                    .startsWith(UnreadablePayloadException.class.getName())
                    .contains("payloads/", "is not in memory:", "payloads.bucket"));
  }

  @Test
  void aResultThatCannotBeDecodedFailsItsTaskAndNoOther() throws Exception {
    workers.start("here", store, PLAIN);
    workers.start("misconfigured", new MemoryBlobStore(), PLAIN);
    DagRuns runs = workers.runs("here", store, PLAIN);

    RunReport report =
        runs.await(runs.trigger("bulky", new Harvest(3 << 20, "misconfigured", "")), Waiting.LIMIT);

    assertThat(report.state()).isEqualTo(RunState.FAILED);
    assertThat(report.task("reap").detail())
        .startsWith("UnreadablePayloadException: Blob payloads/")
        .contains("is not in memory:");
    assertThat(report.task("sweep").state()).isEqualTo(NodeState.SUCCESS);
  }

  @Test
  void aRunWaitsWhileTheStoreIsDown() throws Exception {
    MemoryBlobStore cutOff = store.view();
    cutOff.down(true);
    workers.start("cut-off", cutOff, PLAIN);
    workers.start("connected", store, PLAIN);
    DagRuns runs = workers.runs("cut-off", store, PLAIN);

    String id = runs.trigger("bulky", new Harvest(3 << 20, "connected", ""));
    Awaitility.await()
        .until(
            () ->
                GrainWorkers.history(id).getEventsList().stream()
                    .anyMatch(UnreadablePayloadIT::isBecauseTheStoreIsDown));
    cutOff.down(false);

    RunReport report = runs.await(id, Waiting.LIMIT);
    assertThat(report.state()).isEqualTo(RunState.SUCCESS);
    assertThat(report.task("weigh").detail()).isEqualTo("3145728 bytes");
  }

  private static boolean isBecauseTheStoreIsDown(HistoryEvent event) {
    return event.getEventType() == EventType.EVENT_TYPE_WORKFLOW_TASK_FAILED
        && event.getWorkflowTaskFailedEventAttributes().toString().contains("The store is down");
  }

  @Test
  void anUpdateThatCannotBeDecodedIsRejectedAndTheRunGoesOn() throws Exception {
    workers.start("asking", store, PLAIN);
    DagRuns runs = workers.runs("asking", store, PLAIN);
    String id = runs.trigger("asking", null);
    String large = new GrainDags.Farm().reap(1 << 20);

    assertThatThrownBy(() -> answer(workers.client(new MemoryBlobStore(), PLAIN), id, large))
        .isInstanceOf(WorkflowUpdateException.class)
        .hasStackTraceContaining("is not in memory:");
    answer(workers.client(store, PLAIN), id, "the miller");

    assertThat(runs.await(id, Waiting.LIMIT).task("ask").detail()).isEqualTo("yes (by the miller)");
  }

  private static void answer(WorkflowClient client, String id, String by) {
    client
        .newUntypedWorkflowStub(id)
        .update("answer", String.class, new GateAnswer("ask", "yes", by));
  }
}
