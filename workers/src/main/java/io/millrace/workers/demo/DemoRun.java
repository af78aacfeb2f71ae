package io.millrace.workers.demo;

import io.millrace.activities.features.Freshness;
import io.millrace.activities.features.OnlineStore;
import io.millrace.activities.features.OnlineVerification;
import io.millrace.activities.lake.ObjectStore;
import io.millrace.activities.lake.ObjectStoreConfig;
import io.millrace.activities.streaming.Buckets;
import io.millrace.activities.streaming.LakeCounter;
import io.millrace.activities.streaming.TopicCounter;
import io.millrace.activities.streaming.Topics;
import io.millrace.activities.warehouse.PostgresConfig;
import io.millrace.activities.warehouse.Warehouse;
import io.millrace.core.features.OnlineKey;
import io.millrace.stack.Endpoints;
import io.millrace.workflows.registry.RegisteredVersion;
import java.net.URI;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What the stages share: how to count, and what they found. Used by one stage at a time. */
final class DemoRun implements AutoCloseable {
  /** Differences to name. */
  private static final int KEPT = 3;

  private final Deque<AutoCloseable> open = new ArrayDeque<>();
  private @Nullable Counters counters;

  /** What was there before this run produced anything. */
  @Nullable Counts before;

  /** What was there once everything was in the lake. */
  @Nullable Counts after;

  @Nullable Tables tablesBefore;
  @Nullable Tables tablesAfter;

  /** The version that this run registered; null if training was skipped. */
  @Nullable RegisteredVersion registered;

  /** Why training was skipped; null if it was not. */
  @Nullable String trainingSkipped;

  /** How soon features were online; null if no events were sent at a steady pace. */
  @Nullable Freshness freshness;

  /** The online features beside the warehouse's. */
  OnlineVerification.@Nullable Report online;

  long produced;
  long cdcEvents;
  String dataRunUrl = "";
  String trainingRunUrl = "";

  private record Counters(
      TopicCounter raw,
      TopicCounter cdc,
      TopicCounter valid,
      TopicCounter invalid,
      LakeCounter lake,
      Warehouse warehouse,
      OnlineStore online) {}

  /** Connects to the servers, which must run. */
  void connect(Endpoints endpoints) {
    String kafka = endpoints.kafka().bootstrapServers();
    Endpoints.S3 s3 = endpoints.s3();
    Endpoints.Postgres postgres = endpoints.postgres();
    ObjectStore store =
        closing(
            new ObjectStore(
                new ObjectStoreConfig(
                    URI.create(s3.endpoint()),
                    s3.region(),
                    s3.accessKey(),
                    s3.secretKey(),
                    ObjectStoreConfig.DEFAULT_TIMEOUT)));
    counters =
        new Counters(
            closing(TopicCounter.open(kafka, Topics.RAW)),
            closing(TopicCounter.open(kafka, Topics.CDC)),
            closing(TopicCounter.open(kafka, Topics.VALIDATED)),
            closing(TopicCounter.open(kafka, Topics.INVALID)),
            new LakeCounter(store),
            closing(
                new Warehouse(
                    PostgresConfig.of(postgres.jdbcUrl(), postgres.user(), postgres.password()))),
            closing(new OnlineStore(endpoints.redis().uri(), OnlineKey.DEFAULT_TTL)));
  }

  /** Counts the topics; the lake as it was counted before, or not at all. */
  Counts countTopics(@Nullable Counts lake) {
    Counters all = connected();
    return new Counts(
        all.raw().count() + all.cdc().count(),
        all.valid().count(),
        all.invalid().count(),
        lake == null ? 0 : lake.lakeObjects(),
        lake == null ? 0 : lake.lakeValid(),
        lake == null ? 0 : lake.lakeInvalid());
  }

  /** Counts the topics and the lake. */
  Counts countAll() {
    Counts topics = countTopics(null);
    LakeCounter.Count valid = connected().lake().count(Buckets.VALIDATED);
    LakeCounter.Count invalid = connected().lake().count(Buckets.INVALIDATED);
    return new Counts(
        topics.raw(),
        topics.valid(),
        topics.invalid(),
        valid.objects() + invalid.objects(),
        valid.lines(),
        invalid.lines());
  }

  Tables countTables() {
    return Tables.count(connected().warehouse());
  }

  /** Compares the rows of sessions that got events of late. */
  OnlineVerification.Report verifyOnline() {
    return OnlineVerification.of(connected().warehouse(), connected().online(), false, KEPT);
  }

  /** What an earlier stage must have found. */
  static <T> T found(@Nullable T value) {
    return Objects.requireNonNull(value, "an earlier stage has not run");
  }

  private Counters connected() {
    return found(counters);
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
