package io.millrace.engine.deployment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import io.grpc.StatusRuntimeException;
import io.millrace.engine.Dag;
import io.millrace.engine.DagRunOps;
import io.millrace.engine.DagRuns;
import io.millrace.engine.DagWorkers;
import io.millrace.engine.DagWorkflow;
import io.millrace.engine.DataInterval;
import io.millrace.engine.Gate;
import io.millrace.engine.NodeState;
import io.millrace.engine.RunReport;
import io.millrace.engine.TaskReport;
import io.millrace.engine.deployment.Deployment.State;
import io.millrace.engine.toys.RealServer;
import io.millrace.testing.Waiting;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowQueryException;
import io.temporal.client.WorkflowServiceException;
import io.temporal.common.converter.RawValue;
import io.temporal.worker.Worker;
import io.temporal.worker.WorkerFactory;
import io.temporal.workflow.WorkflowInterface;
import io.temporal.workflow.WorkflowMethod;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A run in flight ends on its own code while a new version takes new runs. */
class DeploymentIT {

  private static final String QUEUE = "versioned";

  private static final WorkflowClient client = RealServer.client();

  /** A DAG that is changed while it runs. */
  @WorkflowInterface
  public interface Changing extends DagRunOps {
    @WorkflowMethod(name = "changing")
    RunReport run(@Nullable RawValue params);
  }

  record None() {}

  /** Its first version. */
  public static final class First extends DagWorkflow<None> implements Changing {
    @Override
    protected None defaults() {
      return new None();
    }

    @Override
    protected void define(Dag dag, None params, DataInterval interval) {
      Gate gate = dag.gate("ask");
      dag.gate("old").after(gate);
    }
  }

  /** Its second, which could not replay the first. */
  public static final class Second extends DagWorkflow<None> implements Changing {
    @Override
    protected None defaults() {
      return new None();
    }

    @Override
    protected void define(Dag dag, None params, DataInterval interval) {
      dag.gate("new").timeout(Duration.ofDays(1));
    }
  }

  @Test
  void runsArePinnedToTheVersionThatBeganThem() throws TimeoutException {
    Deployment deployment = new Deployment(client, "toys");
    DagRuns runs = new DagRuns(client, QUEUE);
    assertThat(deployment.versions()).isEmpty();
    WorkerFactory first = worker(deployment, "sha-1", First.class);
    awaitVersion(deployment, "sha-1");
    promote(deployment, "sha-1");
    String old = runs.trigger("changing", null);
    awaitTasks(runs, old, List.of("ask", "old"));

    WorkerFactory second = worker(deployment, "sha-2", Second.class);
    awaitVersion(deployment, "sha-2");
    assertThat(deployment.versions().get(0).state()).isEqualTo(State.INACTIVE);
    promote(deployment, "sha-2");
    String young = runs.trigger("changing", null);
    awaitTasks(runs, young, List.of("new"));

    answer(old, "ask");
    await().until(() -> runs.describe(old).task("old").state() == NodeState.AWAITING_INPUT);
    answer(old, "old");
    assertThat(runs.await(old, Waiting.LIMIT).tasks())
        .extracting(TaskReport::id)
        .containsExactly("ask", "old");
    assertThat(deployment.versions())
        .extracting(Deployment.Version::buildId, Deployment.Version::state)
        .contains(tuple("sha-2", State.CURRENT));
    assertThatThrownBy(() -> deployment.promote("sha-3"))
        .hasMessageContaining(
            "Deployment 'toys' has no version 'sha-3'; start a worker of it first");

    answer(young, "new");
    runs.await(young, Waiting.LIMIT);
    first.shutdownNow();
    second.shutdownNow();
  }

  private static void answer(String run, String gate) {
    client
        .newUntypedWorkflowStub(run)
        .update("answer", String.class, new DagRunOps.GateAnswer(gate, "approve", "test"));
  }

  private static WorkerFactory worker(Deployment deployment, String buildId, Class<?> dag) {
    WorkerFactory factory = WorkerFactory.newInstance(client, DagWorkers.factoryOptions(client));
    Worker worker = factory.newWorker(QUEUE, deployment.versioned(DagWorkers.options(4), buildId));
    DagWorkers.register(worker, dag);
    factory.start();
    return factory;
  }

  private static void awaitVersion(Deployment deployment, String buildId) {
    await()
        .until(
            () ->
                deployment.versions().stream()
                    .anyMatch(version -> version.buildId().equals(buildId)));
  }

  /** A version is known before the server has seen all of its queues. */
  private static void promote(Deployment deployment, String version) {
    await()
        .ignoreException(StatusRuntimeException.class)
        .until(
            () -> {
              deployment.promote(version);
              return true;
            });
  }

  private static void awaitTasks(DagRuns runs, String run, List<String> tasks) {
    await()
        .ignoreException(WorkflowQueryException.class)
        .ignoreException(WorkflowServiceException.class)
        .untilAsserted(
            () ->
                assertThat(runs.describe(run).tasks())
                    .extracting(TaskReport::id)
                    .containsExactlyElementsOf(tasks));
  }
}
