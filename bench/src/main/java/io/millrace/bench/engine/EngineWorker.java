package io.millrace.bench.engine;

import io.millrace.engine.DagWorkers;
import io.millrace.engine.backfill.Backfills;
import io.temporal.activity.Activity;
import io.temporal.activity.ActivityInfo;
import io.temporal.client.WorkflowClient;
import io.temporal.serviceclient.WorkflowServiceStubs;
import io.temporal.serviceclient.WorkflowServiceStubsOptions;
import io.temporal.worker.Worker;
import io.temporal.worker.WorkerFactory;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

/** A worker as a process that can be killed; its tasks write a {@link Ledger}. */
final class EngineWorker {
  private static final int WORK_MILLIS = 20;

  private EngineWorker() {}

  /** Usage: {@code EngineWorker <server> <task queue> <ledger folder>}. */
  public static void main(String[] args) throws InterruptedException {
    WorkflowServiceStubs service =
        WorkflowServiceStubs.newServiceStubs(
            WorkflowServiceStubsOptions.newBuilder().setTarget(args[0]).build());
    WorkflowClient client = WorkflowClient.newInstance(service);
    WorkerFactory factory = WorkerFactory.newInstance(client, DagWorkers.factoryOptions(client));
    Worker worker = factory.newWorker(args[1], DagWorkers.options(16));
    DagWorkers.register(worker, EngineDag.Impl.class);
    Backfills.register(worker, client);
    worker.registerActivitiesImplementations(new Noting(new Ledger(Path.of(args[2]))));
    factory.start();
    new CountDownLatch(1).await();
  }

  /** Takes long enough to be killed amid it. */
  private record Noting(Ledger ledger) implements EngineDag.Noops {

    @Override
    public Integer noop(int number) {
      ActivityInfo task = Activity.getExecutionContext().getInfo();
      String name = "t" + number;
      ledger.begin(task.getWorkflowId(), name);
      try {
        TimeUnit.MILLISECONDS.sleep(WORK_MILLIS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException("interrupted", e);
      }
      ledger.effect(task.getWorkflowId(), name);
      return number;
    }

    @Override
    public List<Integer> numbers(int count) {
      return IntStream.range(0, count).boxed().toList();
    }
  }
}
