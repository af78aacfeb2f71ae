package io.millrace.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.engine.DagRunOps.GateAnswer;
import io.millrace.engine.RunReport.RunState;
import io.millrace.engine.schedule.DagSchedule;
import io.millrace.engine.schedule.ScheduleReconciler;
import io.millrace.engine.toys.RealServer;
import io.millrace.engine.toys.YardActivities;
import io.millrace.engine.toys.YardDags;
import io.millrace.engine.toys.YardDags.Shape;
import io.millrace.testing.Waiting;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowExecutionMetadata;
import io.temporal.client.WorkflowFailedException;
import io.temporal.client.WorkflowOptions;
import io.temporal.worker.Worker;
import io.temporal.worker.WorkerFactory;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What the in-memory server cannot show, on a real one. */
class EngineIT {

  private static final String QUEUE = "yards";

  private static final WorkflowClient client = RealServer.client();
  private static WorkerFactory factory;

  private final DagRuns runs = new DagRuns(client, QUEUE);

  @BeforeAll
  static void start() {
    factory = WorkerFactory.newInstance(client, DagWorkers.factoryOptions(client));
    Worker worker = factory.newWorker(QUEUE, DagWorkers.options(32));
    DagWorkers.register(worker, YardDags.WideImpl.class, YardDags.GatedImpl.class);
    worker.registerActivitiesImplementations(new Stepper());
    factory.start();
  }

  @AfterAll
  static void stop() {
    factory.shutdownNow();
  }

  @Test
  void runsWithNoInputAtAllAndCanBeFoundByItsAttributes() throws TimeoutException {
    String id = runs.trigger("wide", null);

    RunReport report = runs.await(id, Waiting.LIMIT);

    assertThat(report.state()).isEqualTo(RunState.SUCCESS);
    assertThat(report.params()).isEqualTo("{\"tasks\":1,\"chain\":false}");
    WorkflowExecutionMetadata found =
        Awaitility.await()
            .until(
                () -> find("DagId='wide' AND RunState='success' AND RunType='manual'", id),
                Optional::isPresent)
            .orElseThrow();
    assertThat(found.getTypedSearchAttributes().get(SearchAttributes.LOGICAL_DATE).toInstant())
        .isEqualTo(report.logicalDate());
  }

  @Test
  void theWebUiSaysWhoStartedARunAndHowToLookAtIt() throws TimeoutException {
    String id = runs.trigger("wide", null);
    assertThat(runs.await(id, Waiting.LIMIT).state()).isEqualTo(RunState.SUCCESS);
    String again = runs.rerun(id, null, List.of(), "ana", "why not");

    var first = client.newUntypedWorkflowStub(id).describe();
    assertThat(first.getStaticSummary()).isEqualTo("wide (by hand)");
    assertThat(first.getStaticDetails()).contains("millrace runs logs '" + id + "' TASK");
    assertThat(client.newUntypedWorkflowStub(again).describe().getStaticSummary())
        .isEqualTo("wide (again)");
  }

  @Test
  void wrongInputEndsTheRunWithAMessage() {
    String id = runs.trigger("wide", Map.of("tasks", "many"));

    assertThatThrownBy(() -> runs.await(id, Waiting.LIMIT))
        .isInstanceOfSatisfying(
            WorkflowFailedException.class,
            e ->
                assertThat(DagRuns.explain(e))
                    .isEqualTo(
                        "InvalidParams: Params of wide: tasks must be an integer, but is \"many\""
                            + " (text)"));
  }

  @Test
  void aWaitingGateCanBeFoundSeenAndAnswered() throws TimeoutException {
    String id = runs.trigger("gated", null);
    Awaitility.await().until(() -> find("AwaitingInput=true", id), Optional::isPresent);

    client
        .newUntypedWorkflowStub(id)
        .update("answer", String.class, new GateAnswer("promote", "yes", "the miller"));

    assertThat(runs.await(id, Waiting.LIMIT).task("promote").detail())
        .isEqualTo("yes (by the miller)");
  }

  @Test
  void aScheduledRunHasItsNominalTimeAsLogicalDate() throws TimeoutException {
    ScheduleReconciler reconciler = new ScheduleReconciler(RealServer.client(), QUEUE, "engine-it");
    reconciler.apply(List.of(DagSchedule.every("wide", Duration.ofSeconds(2))));

    WorkflowExecutionMetadata found =
        Awaitility.await()
            .until(
                () -> find("DagId='wide' AND RunType='scheduled' AND RunState='success'", null),
                Optional::isPresent)
            .orElseThrow();
    reconciler.apply(List.of(), true);

    String id = found.getExecution().getWorkflowId();
    RunReport report = runs.await(id, Waiting.LIMIT);
    assertThat(id).isEqualTo("wide-" + report.logicalDate());
    assertThat(report.logicalDate().toEpochMilli() % 2_000).isZero();
  }

  @Test
  void fiveHundredTasksAtOnceStayBelowTheServersLimits() throws TimeoutException {
    RunReport report = runs.await(runs.trigger("wide", new Shape(500, false)), Waiting.LIMIT);

    assertThat(report.state()).isEqualTo(RunState.SUCCESS);
    assertThat(report.tasks()).allMatch(task -> task.state() == NodeState.SUCCESS);
  }

  @Test
  void anInputThatIsNoJsonEndsTheRunToo() {
    String id = "wide-bytes";
    client
        .newUntypedWorkflowStub(
            "wide", WorkflowOptions.newBuilder().setTaskQueue(QUEUE).setWorkflowId(id).build())
        .start((Object) new byte[] {1, 2, 3});

    assertThatThrownBy(() -> runs.await(id, Waiting.LIMIT))
        .hasStackTraceContaining("Params of wide: the input is not JSON");
  }

  private static Optional<WorkflowExecutionMetadata> find(String query, String id) {
    try (Stream<WorkflowExecutionMetadata> found = client.listExecutions(query)) {
      return found
          .filter(run -> id == null || run.getExecution().getWorkflowId().equals(id))
          .findFirst();
    }
  }

  /** Does nothing, at once. */
  private static final class Stepper implements YardActivities {
    @Override
    public int step(int number) {
      return number;
    }

    @Override
    public Load join(List<Load> loads, String label) {
      return loads.get(0);
    }

    @Override
    public List<Load> loads() {
      return List.of();
    }

    @Override
    public int slow() {
      return 0;
    }
  }
}
