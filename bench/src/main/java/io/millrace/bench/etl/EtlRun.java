package io.millrace.bench.etl;

import io.millrace.activities.lake.LakeActivitiesImpl;
import io.millrace.activities.lake.ObjectStore;
import io.millrace.activities.lake.ObjectStoreConfig;
import io.millrace.activities.quality.QualityActivitiesImpl;
import io.millrace.activities.warehouse.PostgresConfig;
import io.millrace.activities.warehouse.Warehouse;
import io.millrace.activities.warehouse.WarehouseActivitiesImpl;
import io.millrace.bench.Figures;
import io.millrace.engine.DagWorkers;
import io.millrace.engine.RunReport;
import io.millrace.engine.TaskReport;
import io.millrace.engine.notify.Notifiers;
import io.millrace.engine.notify.NotifyWorkers;
import io.millrace.engine.pool.Pools;
import io.millrace.stack.Endpoints;
import io.millrace.workflows.operations.ShippedOperations;
import io.millrace.workflows.warehouse.DataPipeline;
import io.millrace.workflows.warehouse.DataPipelineImpl;
import io.millrace.workflows.warehouse.DataPipelineParams;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowOptions;
import io.temporal.client.WorkflowStub;
import io.temporal.serviceclient.WorkflowServiceStubs;
import io.temporal.serviceclient.WorkflowServiceStubsOptions;
import io.temporal.worker.Worker;
import io.temporal.worker.WorkerFactory;
import java.net.URI;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * One run of data_pipeline into an empty database: from the trigger to the report, on a real
 * Temporal server, with a worker in this process.
 *
 * @param seconds wall time
 * @param rows bronze rows
 * @param facts fact rows
 * @param taskSeconds each task's wall time
 */
record EtlRun(double seconds, long rows, long facts, Map<String, Double> taskSeconds) {
  /**
   * One queue for all runs: the workflows of the pool and the assets stay on the first run's queue.
   */
  private static final String QUEUE = "bench-etl";

  static EtlRun measure(Endpoints at, String bucket, String database, int parallelism)
      throws SQLException {
    String url = createDatabase(at, database);
    Endpoints.S3 s3 = at.s3();
    ObjectStoreConfig config =
        new ObjectStoreConfig(
            URI.create(s3.endpoint()),
            s3.region(),
            s3.accessKey(),
            s3.secretKey(),
            ObjectStoreConfig.DEFAULT_TIMEOUT);
    PostgresConfig postgres =
        PostgresConfig.of(url, at.postgres().user(), at.postgres().password());
    WorkflowServiceStubs service =
        WorkflowServiceStubs.newServiceStubs(
            WorkflowServiceStubsOptions.newBuilder().setTarget(at.temporal().target()).build());
    WorkflowClient client = WorkflowClient.newInstance(service);
    WorkerFactory factory = WorkerFactory.newInstance(client);
    try (ObjectStore store = new ObjectStore(config);
        Warehouse warehouse = new Warehouse(postgres).migrate()) {
      Worker worker = factory.newWorker(QUEUE);
      DagWorkers.register(worker, DataPipelineImpl.class);
      NotifyWorkers.register(worker, client, Notifiers.NONE, run -> null);
      new Pools(client, QUEUE)
          .declare(ShippedOperations.WAREHOUSE_POOL, ShippedOperations.WAREHOUSE_SLOTS);
      worker.registerActivitiesImplementations(
          new LakeActivitiesImpl(store, warehouse),
          new WarehouseActivitiesImpl(warehouse),
          new QualityActivitiesImpl(warehouse));
      factory.start();
      EtlRun run = run(client, warehouse, params(bucket, parallelism));
      // The next run would wait 5 s for this worker, which has the pool's workflow in its cache.
      client
          .newUntypedWorkflowStub("pool/" + ShippedOperations.WAREHOUSE_POOL)
          .terminate("its worker ends");
      return run;
    } finally {
      factory.shutdown();
      factory.awaitTermination(10, TimeUnit.SECONDS);
      service.shutdownNow();
    }
  }

  private static DataPipelineParams params(String bucket, int parallelism) {
    DataPipelineParams defaults = DataPipelineParams.DEFAULT;
    return new DataPipelineParams(
        bucket,
        "",
        defaults.maxObjects(),
        20,
        defaults.batchBytes(),
        parallelism,
        defaults.minRows(),
        defaults.maxRows(),
        defaults.validShare());
  }

  private static EtlRun run(WorkflowClient client, Warehouse warehouse, DataPipelineParams params) {
    WorkflowStub stub =
        client.newUntypedWorkflowStub(
            DataPipeline.NAME, WorkflowOptions.newBuilder().setTaskQueue(QUEUE).build());
    long start = System.nanoTime();
    stub.start(params);
    RunReport report = stub.getResult(RunReport.class);
    double seconds = Figures.secondsSince(start);
    Map<String, Double> tasks = new LinkedHashMap<>();
    for (TaskReport task : report.tasks()) {
      Duration duration = task.duration();
      tasks.put(task.id(), duration == null ? 0 : duration.toMillis() / 1e3);
    }
    return new EtlRun(
        seconds,
        count(warehouse, "bronze.events"),
        count(warehouse, "dwh.fact_events"),
        Map.copyOf(tasks));
  }

  private static long count(Warehouse warehouse, String table) {
    return warehouse.transaction(
        sql -> ((Number) sql.fetchSingle("SELECT count(*) FROM " + table).getValue(0)).longValue());
  }

  /** Makes an empty database; its URL. */
  static String createDatabase(Endpoints at, String name) throws SQLException {
    execute(at, "CREATE DATABASE " + name);
    return at.postgres().jdbcUrl().replaceFirst("/[^/]+$", "/" + name);
  }

  static void dropDatabase(Endpoints at, String name) throws SQLException {
    execute(at, "DROP DATABASE " + name + " WITH (FORCE)");
    execute(at, "CHECKPOINT");
  }

  private static void execute(Endpoints at, String sql) throws SQLException {
    Endpoints.Postgres postgres = at.postgres();
    try (Connection connection =
            DriverManager.getConnection(postgres.jdbcUrl(), postgres.user(), postgres.password());
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
