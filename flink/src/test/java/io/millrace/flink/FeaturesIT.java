package io.millrace.flink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisException;
import io.lettuce.core.api.StatefulRedisConnection;
import io.millrace.core.events.CdcEnvelope;
import io.millrace.core.events.Event;
import io.millrace.core.events.EventIdentity;
import io.millrace.core.events.RawEnvelope;
import io.millrace.core.events.SyntheticEvents;
import io.millrace.core.features.ActivityCount;
import io.millrace.core.features.OnlineKey;
import io.millrace.core.features.OnlineRow;
import io.millrace.stack.Component;
import io.millrace.stack.LocalStack;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Future;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Redis and Flink are killed under load: the online store ends where a replay would end. */
class FeaturesIT {
  private static final long SEED = Long.getLong("millrace.seed", 20261121);
  private static final int EVENTS = 6_000;
  private static final Pattern FIELD = Pattern.compile("\"([a-z_0-9]+)\":");

  private LocalStack stack;
  private FlinkProcess flink;
  private KafkaProducer<String, byte[]> producer;

  @BeforeEach
  void start() throws Exception {
    Path folder = Files.createTempDirectory(Path.of("target").toAbsolutePath(), "features-");
    stack = LocalStack.forTests(Component.KAFKA, Component.S3, Component.REDIS);
    String servers = stack.endpoints().kafka().bootstrapServers();
    KafkaTopics.ensure(servers, List.of(Topics.RAW, Topics.CDC), 4);
    producer =
        new KafkaProducer<>(
            Map.of(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, servers),
            new StringSerializer(),
            new ByteArraySerializer());
    flink =
        new FlinkProcess(
            folder,
            stack.endpoints().kafka(),
            stack.endpoints().s3(),
            Map.of(
                "flink.jobs", "validation,features",
                "flink.checkpoint-interval", "500ms",
                "flink.features-checkpoint-interval", "1s",
                "redis.uri", stack.endpoints().redis().uri()));
  }

  @AfterEach
  void stop() {
    flink.close();
    producer.close();
    stack.close();
  }

  @Test
  void losesNothingAndNeverGoesBackwards() throws Exception {
    List<Event> events =
        SyntheticEvents.stream(SEED, EVENTS, Instant.parse("2019-10-01T00:00:00Z"), 20).toList();
    List<Event> arriving = disordered(events);
    int third = arriving.size() / 3;
    flink.start();
    send(arriving.subList(0, third));
    await()
        .pollInterval(Duration.ofMillis(200))
        .until(() -> online(keys(events)).size() > third / 4);

    stack.kill9(Component.REDIS);
    send(arriving.subList(third, 2 * third));
    await()
        .pollInterval(Duration.ofMillis(200))
        .until(() -> flink.log().contains("Waiting for Redis"));
    flink.kill9();
    stack.restart(Component.REDIS);
    flink.start();
    send(arriving.subList(2 * third, arriving.size()));

    Map<String, String> expected = expected(events);
    await()
        .pollInterval(Duration.ofMillis(500))
        .untilAsserted(() -> assertThat(online(keys(events))).isEqualTo(expected));
    assertThat(flink.stop()).isEqualTo(143);
    assertEachEventOnceWithElevenFields(events);
  }

  /** Neighbours change places, some events come again at once or much later, some through CDC. */
  private static List<Event> disordered(List<Event> events) {
    Random random = new Random(SEED);
    List<Event> arriving = new ArrayList<>(events);
    for (int i = 0; i + 50 < arriving.size(); i += 50) {
      Collections.shuffle(arriving.subList(i, i + 50), random);
    }
    for (Event event : events.subList(0, events.size() / 5)) {
      arriving.add(random.nextInt(arriving.size()), event);
    }
    return arriving;
  }

  private void send(List<Event> events) throws Exception {
    Random random = new Random(events.size());
    List<Future<?>> sent = new ArrayList<>();
    for (Event event : events) {
      boolean cdc = random.nextInt(4) == 0;
      sent.add(
          producer.send(
              new ProducerRecord<>(
                  cdc ? Topics.CDC : Topics.RAW,
                  event.userSession(),
                  cdc ? CdcEnvelope.of(event) : RawEnvelope.of(event))));
    }
    for (Future<?> acknowledged : sent) {
      acknowledged.get();
    }
  }

  private static List<String> keys(List<Event> events) {
    return events.stream()
        .map(event -> new OnlineKey(event.userId(), event.productId()).text())
        .distinct()
        .toList();
  }

  private Map<String, String> online(List<String> keys) {
    Map<String, String> rows = new HashMap<>();
    try (RedisClient client = RedisClient.create(stack.endpoints().redis().uri());
        StatefulRedisConnection<String, String> connection = client.connect()) {
      connection.sync().mget(keys.toArray(String[]::new)).stream()
          .filter(row -> row.hasValue())
          .forEach(row -> rows.put(row.getKey(), row.getValue()));
    } catch (RedisException e) {
      throw new AssertionError("Redis does not answer", e);
    }
    return rows;
  }

  private static Map<String, String> expected(List<Event> events) {
    Map<String, OnlineRow> newest = new HashMap<>();
    Map<String, List<Event>> sessions =
        events.stream().collect(Collectors.groupingBy(Event::userSession));
    for (List<Event> session : sessions.values()) {
      long[] counts = ActivityCount.of(session);
      for (int i = 0; i < counts.length; i++) {
        Event event = session.get(i);
        newest.merge(
            new OnlineKey(event.userId(), event.productId()).text(),
            OnlineRow.of(event, counts[i]),
            (a, b) -> a.version().compareTo(b.version()) >= 0 ? a : b);
      }
    }
    Map<String, String> texts = new HashMap<>();
    newest.forEach((key, row) -> texts.put(key, row.text()));
    return texts;
  }

  private void assertEachEventOnceWithElevenFields(List<Event> events) {
    String servers = stack.endpoints().kafka().bootstrapServers();
    List<ConsumerRecord<byte[], byte[]>> ready =
        new CommittedMessages(servers).of(Topics.FEATURES_READY);
    long distinct = events.stream().map(EventIdentity::hex).distinct().count();

    assertThat(ready).hasSize(Math.toIntExact(distinct));
    for (ConsumerRecord<byte[], byte[]> message : ready) {
      String json = new String(message.value(), StandardCharsets.UTF_8);
      assertThat(FIELD.matcher(json).results().map(field -> field.group(1)))
          .containsExactly(
              "event_timestamp",
              "user_id",
              "product_id",
              "user_session",
              "event_type",
              "category_code",
              "price",
              "brand",
              "category_code_level1",
              "category_code_level2",
              "processed_at");
    }
  }
}
