package io.millrace.workers.demo;

import io.millrace.activities.features.OnlineStore;
import io.millrace.activities.features.OnlineVerification;
import io.millrace.activities.lake.LakeCounter;
import io.millrace.activities.lake.ObjectStore;
import io.millrace.activities.lake.ObjectStoreConfig;
import io.millrace.activities.streaming.Buckets;
import io.millrace.activities.streaming.TopicCounter;
import io.millrace.activities.streaming.Topics;
import io.millrace.activities.warehouse.PostgresConfig;
import io.millrace.activities.warehouse.Warehouse;
import io.millrace.core.features.OnlineKey;
import io.millrace.stack.Endpoints;
import java.net.URI;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Counts events at every place they come to, committed ones only. For one thread at a time. */
public final class EventCounters implements AutoCloseable {
  private final Deque<AutoCloseable> open = new ArrayDeque<>();
  private final TopicCounter raw;
  private final TopicCounter cdc;
  private final TopicCounter valid;
  private final TopicCounter invalid;
  private final LakeCounter lake;
  private final Warehouse warehouse;
  private final OnlineStore online;

  /** Connects to the servers, which must run. */
  public EventCounters(Endpoints endpoints) {
    String kafka = endpoints.kafka().bootstrapServers();
    Endpoints.S3 s3 = endpoints.s3();
    Endpoints.Postgres postgres = endpoints.postgres();
    raw = closing(TopicCounter.open(kafka, Topics.RAW));
    cdc = closing(TopicCounter.open(kafka, Topics.CDC));
    valid = closing(TopicCounter.open(kafka, Topics.VALIDATED));
    invalid = closing(TopicCounter.open(kafka, Topics.INVALID));
    ObjectStore store =
        closing(
            new ObjectStore(
                new ObjectStoreConfig(
                    URI.create(s3.endpoint()),
                    s3.region(),
                    s3.accessKey(),
                    s3.secretKey(),
                    ObjectStoreConfig.DEFAULT_TIMEOUT)));
    lake = new LakeCounter(store);
    warehouse =
        closing(
            new Warehouse(
                PostgresConfig.of(postgres.jdbcUrl(), postgres.user(), postgres.password())));
    online = closing(new OnlineStore(endpoints.redis().uri(), OnlineKey.DEFAULT_TTL));
  }

  /** Counts the topics; the lake as it was counted before, or not at all. */
  public Counts countTopics(@Nullable Counts before) {
    return new Counts(
        raw.count() + cdc.count(),
        valid.count(),
        invalid.count(),
        before == null ? 0 : before.lakeObjects(),
        before == null ? 0 : before.lakeValid(),
        before == null ? 0 : before.lakeInvalid());
  }

  /** Messages that came by the capture of changes. */
  public long captured() {
    return cdc.count();
  }

  /** Counts the topics and the lake. */
  public Counts countAll() {
    Counts topics = countTopics(null);
    LakeCounter.Count validLines = lake.count(Buckets.VALIDATED);
    LakeCounter.Count invalidLines = lake.count(Buckets.INVALIDATED);
    return new Counts(
        topics.raw(),
        topics.valid(),
        topics.invalid(),
        validLines.objects() + invalidLines.objects(),
        validLines.lines(),
        invalidLines.lines());
  }

  /** Counts the warehouse's tables. */
  public Tables countTables() {
    return Tables.count(warehouse);
  }

  /**
   * Compares the online features with the warehouse's.
   *
   * @param all everything, or only sessions that got events of late
   * @param keep differences to name
   */
  public OnlineVerification.Report verifyOnline(boolean all, int keep) {
    return OnlineVerification.of(warehouse, online, all, keep);
  }

  /** Users and products whose features are online, as many as wanted or all. */
  public List<OnlineKey> onlineKeys(int wanted) {
    return online.sample(wanted);
  }

  private <T extends AutoCloseable> T closing(T resource) {
    open.push(resource);
    return resource;
  }

  @Override
  public void close() {
    while (!open.isEmpty()) {
      AutoCloseable resource = open.pop();
      try {
        resource.close();
      } catch (Exception e) {
        throw new IllegalStateException("Cannot close " + resource, e);
      }
    }
  }
}
