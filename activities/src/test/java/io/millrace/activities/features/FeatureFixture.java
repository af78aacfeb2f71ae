package io.millrace.activities.features;

import io.lettuce.core.RedisClient;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.sync.RedisCommands;
import io.millrace.activities.lake.LakeActivitiesImpl;
import io.millrace.activities.lake.ObjectStore;
import io.millrace.activities.lake.ObjectStoreConfig;
import io.millrace.activities.warehouse.PostgresConfig;
import io.millrace.activities.warehouse.Warehouse;
import io.millrace.activities.warehouse.WarehouseActivitiesImpl;
import io.millrace.stack.Component;
import io.millrace.stack.Endpoints;
import io.millrace.stack.LocalStack;
import io.millrace.workflows.features.FeatureActivities;
import io.millrace.workflows.lake.DaySlice;
import io.millrace.workflows.lake.LakeActivities;
import io.millrace.workflows.lake.LakeBatch;
import io.millrace.workflows.lake.LakeListing;
import io.millrace.workflows.lake.LakeScope;
import io.millrace.workflows.warehouse.GoldLoad;
import io.millrace.workflows.warehouse.WarehouseActivities;
import io.minio.MakeBucketArgs;
import io.minio.MinioClient;
import io.minio.PutObjectArgs;
import io.temporal.testing.TestActivityEnvironment;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import org.jooq.Record;

/** The real way from lake objects to gold, and the online store beside it. */
final class FeatureFixture implements AutoCloseable {
  private static final String BUCKET = "lake";

  final Warehouse warehouse;
  final OnlineStore online;
  final RedisCommands<String, String> redis;
  final FeatureActivities features;
  private final LocalStack stack;
  private final MinioClient s3;
  private final ObjectStore store;
  private final RedisClient client;
  private final TestActivityEnvironment temporal = TestActivityEnvironment.newInstance();
  private final LakeActivities lake;
  private final WarehouseActivities gold;
  private int objects;

  FeatureFixture() throws Exception {
    stack = LocalStack.forTests(Component.POSTGRES, Component.S3, Component.REDIS);
    Endpoints at = stack.endpoints();
    warehouse =
        new Warehouse(
                PostgresConfig.of(
                    at.postgres().jdbcUrl(), at.postgres().user(), at.postgres().password()))
            .migrate();
    store =
        new ObjectStore(
            new ObjectStoreConfig(
                URI.create(at.s3().endpoint()),
                at.s3().region(),
                at.s3().accessKey(),
                at.s3().secretKey(),
                ObjectStoreConfig.DEFAULT_TIMEOUT));
    s3 =
        MinioClient.builder()
            .endpoint(at.s3().endpoint())
            .region(at.s3().region())
            .credentials(at.s3().accessKey(), at.s3().secretKey())
            .build();
    s3.makeBucket(MakeBucketArgs.builder().bucket(BUCKET).build());
    online = new OnlineStore(at.redis().uri(), Duration.ofHours(1));
    client = RedisClient.create(at.redis().uri());
    StatefulRedisConnection<String, String> connection = client.connect();
    redis = connection.sync();
    temporal.registerActivitiesImplementations(
        new LakeActivitiesImpl(store, warehouse),
        new WarehouseActivitiesImpl(warehouse),
        new FeatureActivitiesImpl(warehouse, online));
    lake = temporal.newActivityStub(LakeActivities.class);
    gold = temporal.newActivityStub(WarehouseActivities.class);
    features = temporal.newActivityStub(FeatureActivities.class);
  }

  /** Stores validated messages as a lake object, in their order, and brings them to gold. */
  void load(List<byte[]> messages) throws Exception {
    ByteArrayOutputStream lines = new ByteArrayOutputStream();
    for (byte[] message : messages) {
      lines.writeBytes(message);
      lines.write('\n');
    }
    String prefix = "object-%06d".formatted(objects++);
    s3.putObject(
        PutObjectArgs.builder().bucket(BUCKET).object(prefix + ".json").stream(
                new ByteArrayInputStream(lines.toByteArray()), (long) lines.size(), -1L)
            .build());
    for (LakeBatch batch :
        lake.listNew(new LakeListing(new LakeScope(BUCKET, prefix), 10, 10, 1 << 20))) {
      lake.ingest(batch);
    }
    List<LocalDate> days =
        warehouse.transaction(
            sql ->
                sql.resultQuery(
                        "SELECT DISTINCT event_date FROM lake.slices WHERE transformed_at IS NULL")
                    .fetchInto(LocalDate.class));
    for (LocalDate day : days) {
      gold.transform(new DaySlice(day.toString(), 1));
    }
    gold.loadGold(new GoldLoad(2));
  }

  List<Record> rows(String sql, Object... bindings) {
    return warehouse.transaction(context -> List.copyOf(context.fetch(sql, bindings)));
  }

  @Override
  public void close() {
    temporal.close();
    client.shutdown();
    online.close();
    store.close();
    try {
      s3.close();
    } catch (Exception e) {
      throw new IllegalStateException("Cannot close the client", e);
    }
    warehouse.close();
    stack.close();
  }
}
