package io.millrace.activities.warehouse;

import io.millrace.activities.lake.LakeActivitiesImpl;
import io.millrace.activities.lake.ObjectStore;
import io.millrace.core.events.Event;
import io.millrace.stack.Endpoints;
import io.millrace.workflows.lake.DaySlice;
import io.millrace.workflows.lake.IngestResult;
import io.millrace.workflows.lake.LakeActivities;
import io.millrace.workflows.lake.LakeBatch;
import io.millrace.workflows.lake.LakeHour;
import io.millrace.workflows.lake.LakeListing;
import io.millrace.workflows.lake.LakeScope;
import io.millrace.workflows.warehouse.GoldLoad;
import io.millrace.workflows.warehouse.GoldResult;
import io.millrace.workflows.warehouse.WarehouseActivities;
import io.minio.MinioClient;
import io.temporal.testing.TestActivityEnvironment;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;

/** The pipeline's activities without a workflow, on a database and a bucket of their own. */
final class WarehouseFixture implements AutoCloseable {
  /** What a run takes at once, see {@code BronzeSuite}. */
  static final int DAYS_OF_A_RUN = 400;

  final Warehouse warehouse;
  final TestLake lake;
  private final String jdbcUrl;
  private final ObjectStore store;
  private final TestActivityEnvironment temporal = TestActivityEnvironment.newInstance();
  final LakeActivities ingest;
  private final WarehouseActivities gold;

  WarehouseFixture(Endpoints endpoints) throws Exception {
    String name = "w" + UUID.randomUUID().toString().replace("-", "");
    Endpoints.Postgres postgres = endpoints.postgres();
    try (Connection connection =
            DriverManager.getConnection(postgres.jdbcUrl(), postgres.user(), postgres.password());
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE DATABASE " + name);
    }
    jdbcUrl = postgres.jdbcUrl().replaceFirst("/[^/]+$", "/" + name);
    warehouse = new Warehouse(PostgresConfig.of(jdbcUrl, postgres.user(), postgres.password()));
    Endpoints.S3 s3 = endpoints.s3();
    store = new ObjectStore(PipelineFixture.config(s3, s3.secretKey()));
    lake =
        TestLake.create(
            MinioClient.builder()
                .endpoint(s3.endpoint())
                .region(s3.region())
                .credentials(s3.accessKey(), s3.secretKey())
                .build(),
            name);
    temporal.registerActivitiesImplementations(
        new LakeActivitiesImpl(store, warehouse), new WarehouseActivitiesImpl(warehouse));
    ingest = temporal.newActivityStub(LakeActivities.class);
    gold = temporal.newActivityStub(WarehouseActivities.class);
  }

  /** The database of its own, without a schema. */
  String jdbcUrl() {
    return jdbcUrl;
  }

  /** Stores the events as an object and loads it into bronze. */
  IngestResult ingest(String object, List<Event> events) throws Exception {
    lake.put(object, events);
    LakeScope scope = new LakeScope(lake.bucket(), TestLake.PREFIX + object);
    List<LakeBatch> batches = ingest.listNew(new LakeListing(scope, 10, 10, 1 << 20));
    return ingest.ingest(batches.get(0));
  }

  /** Loads an hour in place of what was loaded of it. */
  IngestResult ingestHour(String folder) {
    LakeHour hour = new LakeHour(lake.bucket(), TestLake.PREFIX + folder, false);
    return ingest.ingest(new LakeBatch("hour", List.of(), 0, hour));
  }

  /** Moves days to silver, as many as a run takes; how many that were. */
  int transformDays() {
    List<String> days =
        rows(
            "SELECT DISTINCT event_date FROM lake.slices WHERE finished_at IS NULL ORDER BY 1 LIMIT"
                + " "
                + DAYS_OF_A_RUN);
    days.forEach(day -> gold.transform(new DaySlice(day, 1)));
    return days.size();
  }

  GoldResult loadGold() {
    return gold.loadGold(new GoldLoad(2));
  }

  /** Brings all of bronze to gold, as so many runs would. */
  int loadAll() {
    int runs = 0;
    while (transformDays() > 0) {
      loadGold();
      runs++;
    }
    return runs;
  }

  long number(String sql) {
    return warehouse.transaction(
        context -> ((Number) context.fetchSingle(sql).getValue(0)).longValue());
  }

  List<String> rows(String sql) {
    return warehouse.transaction(
        context ->
            context.fetch(sql).stream()
                .map(
                    row ->
                        row.intoList().stream()
                            .map(String::valueOf)
                            .collect(Collectors.joining(" ")))
                .toList());
  }

  @Override
  public void close() {
    temporal.close();
    store.close();
    lake.close();
    warehouse.close();
  }
}
