package io.millrace.engine.matrix;

import io.millrace.engine.DagWorkers;
import io.millrace.engine.toys.RealServer;
import io.temporal.client.WorkflowClient;
import io.temporal.worker.Worker;
import io.temporal.worker.WorkerFactory;
import io.temporal.worker.WorkerOptions;
import java.time.Duration;

/** A worker of its own on the Temporal server of this JVM's tests. */
final class RealMatrixServer implements Server {

  private static final String QUEUE = "matrix";
  private static final int ACTIVITIES = 200;

  /** How often heartbeats are sent, at most: a cancel is heard with one. */
  private static final Duration BEAT = Duration.ofMillis(500);

  private final Executions executions = new Executions();
  private final WorkflowClient client = RealServer.client();
  private final WorkerFactory factory;

  RealMatrixServer() {
    factory = WorkerFactory.newInstance(client, DagWorkers.factoryOptions(client));
    Worker worker =
        factory.newWorker(
            QUEUE,
            WorkerOptions.newBuilder(DagWorkers.options(ACTIVITIES))
                .setMaxHeartbeatThrottleInterval(BEAT)
                .build());
    DagWorkers.register(worker, MatrixDag.Impl.class, MatrixChild.Impl.class);
    worker.registerActivitiesImplementations(executions);
    factory.start();
  }

  @Override
  public WorkflowClient client() {
    return client;
  }

  @Override
  public String taskQueue() {
    return QUEUE;
  }

  @Override
  public Executions executions() {
    return executions;
  }

  @Override
  public void close() {
    factory.shutdownNow();
  }
}
