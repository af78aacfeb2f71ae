package io.millrace.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.engine.toys.MillDag;
import io.millrace.engine.toys.RealServer;
import io.millrace.engine.toys.YardDags;
import io.millrace.testing.Waiting;
import io.temporal.activity.DynamicActivity;
import io.temporal.api.enums.v1.TaskQueueType;
import io.temporal.api.taskqueue.v1.PollerInfo;
import io.temporal.api.taskqueue.v1.TaskQueue;
import io.temporal.api.workflowservice.v1.DescribeTaskQueueRequest;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowClientOptions;
import io.temporal.client.WorkflowFailedException;
import io.temporal.worker.Worker;
import io.temporal.worker.WorkerFactory;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What bad input does on a real server, which has limits and task queues of its own. */
class BadInputIT {

  private static final Duration LIMIT = Waiting.LIMIT;

  private static WorkerFactory worker(String name, String queue, Class<?>... dags) {
    WorkflowClient client =
        WorkflowClient.newInstance(
            RealServer.service(), WorkflowClientOptions.newBuilder().setIdentity(name).build());
    WorkerFactory factory = WorkerFactory.newInstance(client, DagWorkers.factoryOptions(client));
    Worker worker = factory.newWorker(queue, RealServer.mortal(DagWorkers.options(4)));
    DagWorkers.register(worker, dags);
    worker.registerActivitiesImplementations((DynamicActivity) args -> 1);
    factory.start();
    return factory;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"0001-01-01T00:00:00Z", "1600-01-01T00:00:00Z", "9999-12-31T23:59:59.999Z"})
  void theServerKeepsEveryDateThatARunMayHave(String date) throws TimeoutException {
    // A queue each: a worker that is killed may take the next date's task with it.
    String queue = "dates-" + date;
    WorkerFactory worker = worker("dates", queue, YardDags.WideImpl.class);
    try {
      DagRuns runs = new DagRuns(RealServer.client(), queue);
      String id = runs.trigger("wide", Map.of("$run", Map.of("logicalDate", date)));
      assertThat(runs.await(id, LIMIT).state()).isEqualTo(RunReport.RunState.SUCCESS);
    } finally {
      worker.shutdownNow();
    }
  }

  @Test
  void aMistypedNameFailsAtOnceOnAWorkerThatIsAlone() {
    WorkerFactory worker = worker("alone", "alone", YardDags.WideImpl.class);
    try {
      DagRuns runs = new DagRuns(RealServer.client(), "alone");
      assertThatThrownBy(() -> runs.await(runs.trigger("wid", null), LIMIT))
          .isInstanceOfSatisfying(
              WorkflowFailedException.class,
              e ->
                  assertThat(DagRuns.explain(e))
                      .startsWith("UnknownDag: No worker of the task queue 'alone' knows"));
    } finally {
      worker.shutdownNow();
    }
  }

  /** A run of a DAG that only the newer release has must not be failed by the older. */
  @Test
  void besideAnOlderWorkerTheNewerOneRunsItsDag() throws TimeoutException {
    WorkerFactory older = worker("older", "mixed", MillDag.Impl.class);
    WorkerFactory newer = worker("newer", "mixed", YardDags.WideImpl.class);
    try {
      DagRuns runs = new DagRuns(RealServer.client(), "mixed");
      Awaitility.await().until(() -> pollers("mixed") == 2);
      for (int i = 0; i < 5; i++) {
        String id = runs.trigger("wide", null, "mixed-" + i);
        assertThat(runs.await(id, LIMIT).state()).isEqualTo(RunReport.RunState.SUCCESS);
      }
    } finally {
      older.shutdownNow();
      newer.shutdownNow();
    }
  }

  private static long pollers(String queue) {
    return RealServer.service()
        .blockingStub()
        .describeTaskQueue(
            DescribeTaskQueueRequest.newBuilder()
                .setNamespace("default")
                .setTaskQueue(TaskQueue.newBuilder().setName(queue))
                .setTaskQueueType(TaskQueueType.TASK_QUEUE_TYPE_WORKFLOW)
                .build())
        .getPollersList()
        .stream()
        .map(PollerInfo::getIdentity)
        .distinct()
        .count();
  }
}
