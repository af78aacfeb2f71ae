package io.millrace.activities.warehouse;

import io.millrace.activities.lake.LakeActivitiesImpl;
import io.millrace.activities.lake.ObjectStore;
import io.millrace.activities.lake.ObjectStoreConfig;
import io.millrace.activities.quality.QualityActivitiesImpl;
import io.millrace.engine.DagRuns;
import io.millrace.engine.DagWorkers;
import io.millrace.engine.RunReport;
import io.millrace.engine.backfill.Backfills;
import io.millrace.engine.notify.NotifyWorkers;
import io.millrace.engine.pool.Pools;
import io.millrace.stack.Endpoints;
import io.millrace.workflows.operations.ShippedOperations;
import io.millrace.workflows.warehouse.DataPipeline;
import io.millrace.workflows.warehouse.DataPipelineImpl;
import io.millrace.workflows.warehouse.DataPipelineParams;
import io.millrace.workflows.warehouse.WarehouseActivities;
import io.minio.MinioClient;
import io.temporal.client.WorkflowOptions;
import io.temporal.client.WorkflowStub;
import io.temporal.testing.TestEnvironmentOptions;
import io.temporal.testing.TestWorkflowEnvironment;
import io.temporal.worker.Worker;
import java.net.URI;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.jooq.Record;
import org.jspecify.annotations.Nullable;

/** A worker with the real pipeline, a database and a bucket of its own. */
final class PipelineFixture implements AutoCloseable {
  private static final String QUEUE = "millrace";

  final TestLake lake;
  final Warehouse warehouse;
  private final String jdbcUrl;
  private final ObjectStore store;
  private final TestWorkflowEnvironment server;

  private PipelineFixture(
      Endpoints endpoints,
      TestEnvironmentOptions temporal,
      UnaryOperator<WarehouseActivities> wrapping,
      @Nullable String bucket)
      throws Exception {
    String name = "t" + UUID.randomUUID().toString().replace("-", "");
    Endpoints.Postgres postgres = endpoints.postgres();
    try (Connection connection =
            DriverManager.getConnection(postgres.jdbcUrl(), postgres.user(), postgres.password());
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE DATABASE " + name);
    }
    jdbcUrl = postgres.jdbcUrl().replaceFirst("/[^/]+$", "/" + name);
    warehouse =
        new Warehouse(PostgresConfig.of(jdbcUrl, postgres.user(), postgres.password())).migrate();
    Endpoints.S3 s3 = endpoints.s3();
    store = new ObjectStore(config(s3, s3.secretKey()));
    MinioClient client =
        MinioClient.builder()
            .endpoint(s3.endpoint())
            .region(s3.region())
            .credentials(s3.accessKey(), s3.secretKey())
            .build();
    lake = bucket == null ? TestLake.create(client, name) : TestLake.of(client, bucket);
    server = TestWorkflowEnvironment.newInstance(temporal);
    Worker worker = server.newWorker(QUEUE);
    DagWorkers.register(worker, DataPipelineImpl.class);
    NotifyWorkers.registerForTests(worker, notification -> {});
    Backfills.register(worker, server.getWorkflowClient());
    worker.registerActivitiesImplementations(
        new LakeActivitiesImpl(store, warehouse),
        wrapping.apply(new WarehouseActivitiesImpl(warehouse)),
        new QualityActivitiesImpl(warehouse));
    server.start();
    new Pools(server.getWorkflowClient(), QUEUE)
        .declare(ShippedOperations.WAREHOUSE_POOL, ShippedOperations.WAREHOUSE_SLOTS);
  }

  static PipelineFixture start(Endpoints endpoints) throws Exception {
    return start(endpoints, activities -> activities);
  }

  /** With warehouse activities that a test makes fail. */
  static PipelineFixture start(Endpoints endpoints, UnaryOperator<WarehouseActivities> wrapping)
      throws Exception {
    return new PipelineFixture(
        endpoints,
        TestEnvironmentOptions.newBuilder().setUseTimeskipping(false).build(),
        wrapping,
        null);
  }

  /** An empty warehouse beside the lake of another. */
  static PipelineFixture onLakeOf(PipelineFixture other, Endpoints endpoints) throws Exception {
    return new PipelineFixture(
        endpoints,
        TestEnvironmentOptions.newBuilder().setUseTimeskipping(false).build(),
        activities -> activities,
        other.lake.bucket());
  }

  /** On the stack's own Temporal server; one at a time. */
  static PipelineFixture onServer(Endpoints endpoints) throws Exception {
    return new PipelineFixture(
        endpoints,
        TestEnvironmentOptions.newBuilder()
            .setUseExternalService(true)
            .setTarget(endpoints.temporal().target())
            .build(),
        activities -> activities,
        null);
  }

  Backfills backfills() {
    return new Backfills(server.getWorkflowClient(), QUEUE);
  }

  /** The report of a run that has ended or goes on. */
  RunReport report(String runId) {
    return new DagRuns(server.getWorkflowClient(), QUEUE).describe(runId);
  }

  static ObjectStoreConfig config(Endpoints.S3 s3, String secretKey) {
    return new ObjectStoreConfig(
        URI.create(s3.endpoint()),
        s3.region(),
        s3.accessKey(),
        secretKey,
        ObjectStoreConfig.DEFAULT_TIMEOUT);
  }

  ObjectStore store() {
    return store;
  }

  /** The database of its own. */
  String jdbcUrl() {
    return jdbcUrl;
  }

  RunReport run() {
    return run(params());
  }

  DataPipelineParams params() {
    return DataPipelineParams.DEFAULT.withScope(lake.bucket(), TestLake.PREFIX);
  }

  RunReport run(DataPipelineParams params) {
    return start(params).join();
  }

  CompletableFuture<RunReport> start(DataPipelineParams params) {
    WorkflowStub stub =
        server
            .getWorkflowClient()
            .newUntypedWorkflowStub(
                DataPipeline.NAME, WorkflowOptions.newBuilder().setTaskQueue(QUEUE).build());
    stub.start(params);
    return stub.getResultAsync(RunReport.class);
  }

  /** Loads the hours of an interval in place of what was loaded of them. */
  RunReport runHours(Instant from, Instant to) {
    return runHours(from, to, false);
  }

  RunReport runHours(Instant from, Instant to, boolean removeEmpty) {
    WorkflowStub stub =
        server
            .getWorkflowClient()
            .newUntypedWorkflowStub(
                DataPipeline.NAME, WorkflowOptions.newBuilder().setTaskQueue(QUEUE).build());
    stub.start(
        Map.of(
            "bucket",
            lake.bucket(),
            "prefix",
            TestLake.PREFIX,
            "scope",
            "interval",
            "removeEmptyHours",
            removeEmpty,
            "$run",
            Map.of("logicalDate", from.toString(), "intervalEnd", to.toString())));
    return stub.getResult(RunReport.class);
  }

  /** The first column of the first row. */
  long number(String sql) {
    return warehouse.transaction(
        context -> ((Number) context.fetchSingle(sql).getValue(0)).longValue());
  }

  List<String> rows(String sql) {
    return warehouse.transaction(
        context -> context.fetch(sql).stream().map(row -> text(row)).toList());
  }

  private static String text(Record row) {
    return row.intoList().stream().map(PipelineFixture::text).collect(Collectors.joining(" "));
  }

  private static String text(Object value) {
    return value instanceof byte[] bytes ? HexFormat.of().formatHex(bytes) : String.valueOf(value);
  }

  @Override
  public void close() {
    server.close();
    store.close();
    lake.close();
    warehouse.close();
  }
}
