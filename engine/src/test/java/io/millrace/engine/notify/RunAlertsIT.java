package io.millrace.engine.notify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.engine.DagRuns;
import io.millrace.engine.DagWorkers;
import io.millrace.engine.Policy;
import io.millrace.engine.toys.AnyDag;
import io.millrace.engine.toys.AnyDag.Work;
import io.millrace.stack.Component;
import io.millrace.stack.LocalStack;
import io.millrace.testing.Waiting;
import io.temporal.activity.Activity;
import io.temporal.activity.DynamicActivity;
import io.temporal.client.WorkflowClient;
import io.temporal.serviceclient.WorkflowServiceStubs;
import io.temporal.serviceclient.WorkflowServiceStubsOptions;
import io.temporal.worker.Worker;
import io.temporal.worker.WorkerFactory;
import io.temporal.worker.WorkerFactoryOptions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

/** What only a real server has: how long earlier runs took, and signals from a worker to a run. */
class RunAlertsIT {

  private final Queue<Notification> told = new ConcurrentLinkedQueue<>();

  @Test
  void retriesAndDeadlinesByTheAverageAreToldOf() throws TimeoutException {
    try (LocalStack stack = LocalStack.forTests(Component.TEMPORAL)) {
      WorkflowServiceStubs service =
          WorkflowServiceStubs.newServiceStubs(
              WorkflowServiceStubsOptions.newBuilder()
                  .setTarget(stack.endpoints().temporal().target())
                  .build());
      WorkflowClient client = WorkflowClient.newInstance(service);
      WorkerFactory factory = start(client);
      try {
        DagRuns runs = new DagRuns(client, "q");
        AnyDag.redefine(dag -> dag.task("grind", Work.class, Work::act));
        for (int i = 0; i < 3; i++) {
          runs.await(runs.trigger("any", null), Waiting.LIMIT);
        }
        await().until(() -> completed(client) == 3);
        assertThat(told).isEmpty();

        AnyDag.redefine(
            dag -> {
              dag.alerts().onRetry("chat").deadlineTimesAverage(1, "chat");
              dag.defaults(Policy.DEFAULT.withRetries(1, Duration.ofMillis(100)));
              dag.gate("ask").after(dag.task("weigh", Work.class, w -> w.actWith(2)));
            });
        String run = runs.trigger("any", null);

        await()
            .untilAsserted(
                () ->
                    assertThat(told)
                        .extracting(Notification::title)
                        .containsExactlyInAnyOrder(
                            "weigh of " + run + " is tried again: try 1 failed",
                            run + " has missed its deadline"));
        assertThat(told).extracting(Notification::link).containsOnly("http://ui/" + run);
        runs.cancel(run);
      } finally {
        factory.shutdownNow();
        service.shutdownNow();
      }
    }
  }

  private WorkerFactory start(WorkflowClient client) {
    WorkerFactory factory =
        WorkerFactory.newInstance(
            client,
            WorkerFactoryOptions.newBuilder()
                .setWorkerInterceptors(new NotifyInterceptor())
                .build());
    Worker worker = factory.newWorker("q");
    DagWorkers.register(worker, AnyDag.Impl.class);
    worker.registerActivitiesImplementations(
        (DynamicActivity)
            args -> {
              var info = Activity.getExecutionContext().getInfo();
              if (info.getActivityType().equals("DoWith") && info.getAttempt() == 1) {
                throw new IllegalStateException("the scales are off");
              }
              return 1;
            });
    NotifyWorkers.register(
        worker,
        client,
        new Notifiers(Map.of("chat", told::add), List.of()),
        id -> "http://ui/" + id);
    factory.start();
    return factory;
  }

  private static long completed(WorkflowClient client) {
    try (var runs = client.listExecutions("WorkflowType='any' AND ExecutionStatus='Completed'")) {
      return runs.count();
    }
  }
}
