package io.millrace.activities.warehouse;

import io.millrace.activities.lake.LakeActivitiesImpl;
import io.millrace.activities.lake.ObjectStore;
import io.millrace.activities.lake.ObjectStoreConfig;
import io.millrace.activities.quality.QualityActivitiesImpl;
import io.millrace.engine.DagWorkers;
import io.millrace.engine.notify.NotifyWorkers;
import io.millrace.stack.Endpoints;
import io.millrace.workflows.warehouse.DataPipelineImpl;
import io.temporal.client.WorkflowClient;
import io.temporal.serviceclient.WorkflowServiceStubs;
import io.temporal.serviceclient.WorkflowServiceStubsOptions;
import io.temporal.worker.Worker;
import io.temporal.worker.WorkerFactory;
import java.net.URI;
import java.util.Map;

/** A worker in a process of its own, to be killed. */
final class WorkerProcess {
  private WorkerProcess() {}

  static Map<String, String> environment(Endpoints at, String jdbcUrl, String queue) {
    return Map.of(
        "TARGET", at.temporal().target(),
        "QUEUE", queue,
        "JDBC_URL", jdbcUrl,
        "PG_USER", at.postgres().user(),
        "PG_PASSWORD", at.postgres().password(),
        "S3_ENDPOINT", at.s3().endpoint(),
        "S3_REGION", at.s3().region(),
        "S3_ACCESS_KEY", at.s3().accessKey(),
        "S3_SECRET_KEY", at.s3().secretKey());
  }

  public static void main(String[] args) {
    Map<String, String> env = System.getenv();
    Warehouse warehouse =
        new Warehouse(
            PostgresConfig.of(env.get("JDBC_URL"), env.get("PG_USER"), env.get("PG_PASSWORD")));
    ObjectStore store =
        new ObjectStore(
            new ObjectStoreConfig(
                URI.create(env.get("S3_ENDPOINT")),
                env.get("S3_REGION"),
                env.get("S3_ACCESS_KEY"),
                env.get("S3_SECRET_KEY"),
                ObjectStoreConfig.DEFAULT_TIMEOUT));
    WorkflowServiceStubs service =
        WorkflowServiceStubs.newServiceStubs(
            WorkflowServiceStubsOptions.newBuilder().setTarget(env.get("TARGET")).build());
    WorkerFactory factory = WorkerFactory.newInstance(WorkflowClient.newInstance(service));
    Worker worker = factory.newWorker(env.get("QUEUE"));
    DagWorkers.register(worker, DataPipelineImpl.class);
    NotifyWorkers.registerForTests(worker, notification -> {});
    worker.registerActivitiesImplementations(
        new LakeActivitiesImpl(store, warehouse),
        new WarehouseActivitiesImpl(warehouse),
        new QualityActivitiesImpl(warehouse));
    factory.start();
  }
}
