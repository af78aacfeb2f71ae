package io.millrace.workers.cli.toys;

import io.millrace.engine.DagWorkers;
import io.temporal.client.WorkflowClient;
import io.temporal.failure.ApplicationFailure;
import io.temporal.serviceclient.WorkflowServiceStubs;
import io.temporal.serviceclient.WorkflowServiceStubsOptions;
import io.temporal.worker.Worker;
import io.temporal.worker.WorkerFactory;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;

/** A worker of {@link Mill} in this process. */
public final class MillWorker implements AutoCloseable {
  private final AtomicBoolean broken = new AtomicBoolean();
  private final WorkflowServiceStubs service;
  private final WorkerFactory factory;

  private MillWorker(String target, String queue) {
    service =
        WorkflowServiceStubs.newServiceStubs(
            WorkflowServiceStubsOptions.newBuilder().setTarget(target).build());
    WorkflowClient client = WorkflowClient.newInstance(service);
    factory = WorkerFactory.newInstance(client, DagWorkers.factoryOptions(client));
    Worker worker = factory.newWorker(queue, DagWorkers.options(8));
    DagWorkers.register(worker, MillImpl.class);
    worker.registerActivitiesImplementations(new Stones());
    factory.start();
  }

  /** Starts polling. */
  public static MillWorker start(String target, String queue) {
    return new MillWorker(target, queue);
  }

  /** Makes the stone fail at the second sack, or mends it. */
  public void breakStone(boolean isBroken) {
    broken.set(isBroken);
  }

  @Override
  public void close() {
    factory.shutdownNow();
    service.shutdownNow();
  }

  private final class Stones implements Mill.Work {
    @Override
    public List<Integer> listSacks(int count) {
      return IntStream.rangeClosed(1, count).boxed().toList();
    }

    @Override
    public int grind(int sack) {
      if (broken.get() && sack == 2) {
        throw ApplicationFailure.newNonRetryableFailure("the stone is broken", "Broken");
      }
      return sack;
    }

    @Override
    public String loadCart(String answer) {
      return "loaded " + answer;
    }
  }
}
