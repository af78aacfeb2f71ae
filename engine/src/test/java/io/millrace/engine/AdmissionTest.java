package io.millrace.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.engine.RunReport.RunState;
import io.millrace.engine.schedule.ScheduledRun;
import io.millrace.engine.toys.AnyDag;
import io.millrace.testing.Waiting;
import io.temporal.api.enums.v1.IndexedValueType;
import io.temporal.client.WorkflowOptions;
import io.temporal.client.WorkflowQueryException;
import io.temporal.client.WorkflowStub;
import io.temporal.common.SearchAttributeKey;
import io.temporal.common.SearchAttributes;
import io.temporal.testing.TestWorkflowEnvironment;
import io.temporal.worker.Worker;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Runs that their schedule holds back. */
class AdmissionTest {

  private static final String QUEUE = "q";
  private static final String SCHEDULED = "TemporalScheduledStartTime";

  private final TestWorkflowEnvironment server = TestWorkflowEnvironment.newInstance();
  private final DagRuns runs = new DagRuns(server.getWorkflowClient(), QUEUE);

  @BeforeEach
  void start() {
    AnyDag.redefine(dag -> dag.gate("ask"));
    server.registerSearchAttribute(SCHEDULED, IndexedValueType.INDEXED_VALUE_TYPE_DATETIME);
    Worker worker = server.newWorker(QUEUE);
    DagWorkers.register(worker, AnyDag.Impl.class);
    server.start();
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void aRunWaitsForASlotOfItsSchedule() throws TimeoutException {
    ScheduledRun one = new ScheduledRun("@hourly", false, 1);
    Instant now = Instant.ofEpochMilli(server.currentTimeMillis());
    start("first", one, now);
    awaitState("first", RunState.RUNNING);
    start("second", one, now);
    awaitState("second", RunState.QUEUED);
    assertThat(runs.describe("second").task("ask").state()).isEqualTo(NodeState.NONE);

    answer("first");
    runs.await("first", Waiting.LIMIT);

    awaitState("second", RunState.RUNNING);
    answer("second");
    assertThat(runs.await("second", Waiting.LIMIT).state()).isEqualTo(RunState.SUCCESS);
  }

  @Test
  void aRunThatStartsLateGivesWayToALaterOne() throws TimeoutException {
    Instant now = Instant.ofEpochMilli(server.currentTimeMillis());
    Instant hour = now.truncatedTo(ChronoUnit.HOURS);
    start("late", new ScheduledRun("@hourly", true, 0), hour.minus(Duration.ofHours(3)));

    RunReport report = runs.await("late", Waiting.LIMIT);

    assertThat(report.state()).isEqualTo(RunState.SUCCESS);
    assertThat(report.task("ask").state()).isEqualTo(NodeState.SKIPPED);
    assertThat(report.task("ask").detail()).startsWith("gives way to the run of ");
  }

  @Test
  void latestOnlyEndsAnOldRunBelowItAndNotTheNewestOrOneByHand() throws TimeoutException {
    AnyDag.redefine(
        dag ->
            dag.task("below", AnyDag.Work.class, AnyDag.Work::act).after(dag.latestOnly("latest")));
    Instant hour = Instant.ofEpochMilli(server.currentTimeMillis()).truncatedTo(ChronoUnit.HOURS);
    start("old", new ScheduledRun("@hourly", false, 0), hour.minus(Duration.ofHours(3)));

    RunReport report = runs.await("old", Waiting.LIMIT);

    assertThat(report.task("latest").detail()).isEqualTo("ends here");
    assertThat(report.task("below").state()).isEqualTo(NodeState.SKIPPED);
    AnyDag.redefine(dag -> dag.latestOnly("latest"));
    assertThat(runs.await(runs.trigger("any", null), Waiting.LIMIT).task("latest").detail())
        .isEqualTo("goes on");
  }

  @Test
  void aRerunIsAboutTheIntervalOfTheFormerRunAndGivesWayToNone() throws TimeoutException {
    Instant nominal = Instant.parse("2026-03-01T10:00:00Z");
    start("former", new ScheduledRun("@hourly interval=before", true, 0), nominal);
    assertThat(runs.await("former", Waiting.LIMIT).task("ask").detail()).startsWith("gives way");

    String rerun = runs.rerun("former", null, List.of(), "ana", "we want it all the same");

    awaitState(rerun, RunState.RUNNING);
    assertThat(runs.describe(rerun))
        .returns(Instant.parse("2026-03-01T09:00:00Z"), RunReport::logicalDate)
        .returns(nominal, RunReport::intervalEnd);
    answer(rerun);
    runs.await(rerun, Waiting.LIMIT);
  }

  private void start(String id, ScheduledRun schedule, Instant nominal) {
    OffsetDateTime at = nominal.atOffset(ZoneOffset.UTC);
    server
        .getWorkflowClient()
        .newUntypedWorkflowStub(
            "any",
            WorkflowOptions.newBuilder()
                .setTaskQueue(QUEUE)
                .setWorkflowId(id)
                .setMemo(Map.of(ScheduledRun.MEMO, schedule))
                .setTypedSearchAttributes(
                    SearchAttributes.newBuilder()
                        .set(SearchAttributeKey.forOffsetDateTime(SCHEDULED), at)
                        .build())
                .build())
        .start();
  }

  private void awaitState(String run, RunState state) {
    await()
        .ignoreException(WorkflowQueryException.class)
        .until(() -> runs.describe(run).state() == state);
  }

  private void answer(String run) {
    await()
        .ignoreException(WorkflowQueryException.class)
        .until(() -> runs.describe(run).task("ask").state() == NodeState.AWAITING_INPUT);
    WorkflowStub stub = server.getWorkflowClient().newUntypedWorkflowStub(run);
    stub.update("answer", String.class, new DagRunOps.GateAnswer("ask", "approve", "test"));
  }
}
