package io.millrace.engine.payload;

import io.millrace.engine.DagRuns;
import io.millrace.engine.DagWorkers;
import io.millrace.engine.toys.RealServer;
import io.temporal.api.history.v1.History;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowClientOptions;
import io.temporal.worker.Worker;
import io.temporal.worker.WorkerFactory;
import java.util.ArrayList;
import java.util.List;

/** Clients and workers of a test, each with a converter, and so with a cache, of its own. */
final class GrainWorkers implements AutoCloseable {

  private final List<WorkerFactory> factories = new ArrayList<>();

  WorkflowClient client(BlobStore store, PayloadOptions options) {
    return WorkflowClient.newInstance(
        RealServer.service(),
        WorkflowClientOptions.newBuilder()
            .setDataConverter(DagPayloads.converter(store, options))
            .build());
  }

  DagRuns runs(String queue, BlobStore store, PayloadOptions options) {
    return new DagRuns(client(store, options), queue);
  }

  /** Starts a worker for runs and tasks. */
  void start(String queue, BlobStore store, PayloadOptions options) {
    WorkflowClient client = client(store, options);
    WorkerFactory factory = WorkerFactory.newInstance(client, DagWorkers.factoryOptions(client));
    Worker worker = factory.newWorker(queue, DagWorkers.options(16));
    DagWorkers.register(
        worker,
        GrainDags.BulkyImpl.class,
        GrainDags.SacksImpl.class,
        GrainDags.SpoilingImpl.class,
        GrainDags.AskingImpl.class);
    worker.registerActivitiesImplementations(new GrainDags.Farm());
    factory.start();
    factories.add(factory);
  }

  /** A run's history as the server has it, nothing decoded. */
  static History history(String runId) {
    return RealServer.client().fetchHistory(runId).getHistory();
  }

  @Override
  public void close() {
    factories.forEach(WorkerFactory::shutdownNow);
  }
}
