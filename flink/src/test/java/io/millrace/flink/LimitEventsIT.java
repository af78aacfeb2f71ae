package io.millrace.flink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lettuce.core.RedisClient;
import io.lettuce.core.api.StatefulRedisConnection;
import io.millrace.core.events.CdcEnvelope;
import io.millrace.core.events.Event;
import io.millrace.core.events.EventReader;
import io.millrace.core.events.EventTime;
import io.millrace.core.events.EventType;
import io.millrace.core.events.LimitEvents;
import io.millrace.core.events.RawEnvelope;
import io.millrace.core.events.Verdict;
import io.millrace.core.features.OnlineKey;
import io.millrace.core.features.OnlineRow;
import io.millrace.flink.alerts.AlertJob;
import io.millrace.flink.features.FeaturesJob;
import io.millrace.flink.lake.LakeSinkJob;
import io.millrace.flink.validation.ValidationJob;
import io.millrace.stack.Component;
import io.millrace.stack.LocalStack;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Future;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Valid events at every limit, and messages that are none in every topic that a job reads: no job
 * restarts, and each message is stored, or kept with its reason, and counted once.
 */
class LimitEventsIT {
  private static final String BUCKET = "validated-events-bucket";

  private static final DateTimeFormatter FOLDER =
      DateTimeFormatter.ofPattern("'year='uuuu/'month='MM/'day='dd/'hour='HH", Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  private LocalStack stack;
  private FlinkProcess flink;
  private KafkaProducer<byte[], byte[]> producer;
  private CommittedMessages committed;

  @BeforeEach
  void start() throws Exception {
    Path folder = Files.createTempDirectory(Path.of("target").toAbsolutePath(), "limits-");
    stack = LocalStack.forTests(Component.KAFKA, Component.S3, Component.REDIS);
    String servers = stack.endpoints().kafka().bootstrapServers();
    committed = new CommittedMessages(servers);
    KafkaTopics.ensure(
        servers,
        List.of(Topics.RAW, Topics.CDC, Topics.VALIDATED, Topics.INVALID, Topics.FEATURES_READY),
        4);
    producer =
        new KafkaProducer<>(
            Map.of(
                ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                servers,
                ProducerConfig.COMPRESSION_TYPE_CONFIG,
                "lz4",
                ProducerConfig.MAX_REQUEST_SIZE_CONFIG,
                KafkaConnectors.MAX_MESSAGE_BYTES),
            new ByteArraySerializer(),
            new ByteArraySerializer());
    flink =
        new FlinkProcess(
            folder,
            stack.endpoints().kafka(),
            stack.endpoints().s3(),
            Map.of(
                "flink.jobs",
                String.join(
                    ",", ValidationJob.NAME, LakeSinkJob.NAME, FeaturesJob.NAME, AlertJob.NAME),
                "flink.slots",
                "4",
                "flink.checkpoint-interval",
                "500ms",
                "flink.lake-checkpoint-interval",
                "1s",
                "flink.features-checkpoint-interval",
                "1s",
                "redis.uri",
                stack.endpoints().redis().uri()));
  }

  @AfterEach
  void stop() {
    flink.close();
    producer.close();
    stack.close();
  }

  @Test
  void storesEveryEventAndExplainsEveryOtherMessage() throws Exception {
    List<Event> events = new ArrayList<>(LimitEvents.all());
    // One session of one product whose events are centuries apart, the latest of them first.
    events.addAll(
        session("9999-12-31 23:59:59 UTC", "0001-01-01 00:00:00 UTC", "1970-01-01 00:00:00 UTC"));
    List<byte[]> foreign =
        List.of(
            "{}".getBytes(StandardCharsets.UTF_8),
            "{\"error_type\":\"\\ud800\"}".getBytes(StandardCharsets.UTF_8),
            new byte[] {(byte) 0xED, (byte) 0xA0, (byte) 0x80},
            "x".repeat(3 << 20).getBytes(StandardCharsets.UTF_8));

    for (Event event : events) {
      send(Topics.RAW, RawEnvelope.of(event));
    }
    send(Topics.CDC, CdcEnvelope.of(events.get(0)));
    for (byte[] message : foreign) {
      send(Topics.VALIDATED, message);
      send(Topics.INVALID, message);
      send(Topics.RAW, message);
    }
    flink.start();

    int valid = events.size() + 1;
    await()
        .pollInterval(Duration.ofSeconds(1))
        .untilAsserted(
            () -> {
              assertThat(committed.of(Topics.FEATURES_READY)).hasSize(events.size());
              assertThat(committed.of(Topics.INVALID_FEATURES)).hasSize(foreign.size());
              assertThat(committed.of(Topics.ALERTS)).isNotEmpty();
              assertThat(lake(BUCKET, Topics.VALIDATED)).hasSize(valid + foreign.size());
              assertThat(lake("invalidated-events-bucket", Topics.INVALID))
                  .hasSize(2 * foreign.size());
              assertThat(online(events)).isEqualTo(rows(events));
            });
    assertThat(committed.of(Topics.VALIDATED)).hasSize(valid + foreign.size());
    assertThat(committed.of(Topics.INVALID)).hasSize(2 * foreign.size());
    assertEachEventIsUnderItsHour();
    assertThat(flink.log()).doesNotContain("RESTARTING", "to FAILED");
    assertThat(flink.stop()).isEqualTo(143);
  }

  private static List<Event> session(String... times) {
    List<Event> events = new ArrayList<>();
    for (String time : times) {
      events.add(
          new Event(
              EventTime.parse(time).orElseThrow(), EventType.CART, 5, 6, null, null, 7, 8, "ages"));
    }
    return events;
  }

  private void send(String topic, byte[] value) throws Exception {
    Future<?> sent = producer.send(new ProducerRecord<>(topic, value));
    sent.get();
  }

  private List<LakeObjects.Line> lake(String bucket, String topic) {
    return new LakeObjects(stack.endpoints().s3(), bucket, topic).lines();
  }

  private void assertEachEventIsUnderItsHour() {
    Map<String, Set<String>> folders =
        lake(BUCKET, Topics.VALIDATED).stream()
            .filter(line -> read(line) instanceof Verdict.Valid)
            .collect(
                Collectors.groupingBy(
                    line -> ((Verdict.Valid) read(line)).event().userSession(),
                    Collectors.mapping(
                        line -> line.key().replaceFirst("/[^/]+$", ""), Collectors.toSet())));
    for (Event event : LimitEvents.all()) {
      assertThat(folders.get(event.userSession()))
          .containsExactly("topics/" + Topics.VALIDATED + "/" + FOLDER.format(event.eventTime()));
    }
  }

  private static Verdict read(LakeObjects.Line line) {
    return EventReader.ofValidated().read(line.json().getBytes(StandardCharsets.UTF_8));
  }

  private Map<String, String> online(Collection<Event> events) {
    try (RedisClient client = RedisClient.create(stack.endpoints().redis().uri());
        StatefulRedisConnection<String, String> connection = client.connect()) {
      Map<String, String> rows = new HashMap<>();
      for (Event event : events) {
        String value = connection.sync().get(key(event));
        if (value != null) {
          rows.put(key(event), value);
        }
      }
      return rows;
    }
  }

  /** The newest event of each user and product, which in each session but one is the only one. */
  private static Map<String, String> rows(Collection<Event> events) {
    Function<Event, OnlineRow> row =
        event -> OnlineRow.of(event, event.userSession().equals("ages") ? 3 : 1);
    Map<String, String> rows = new HashMap<>();
    for (Event event : events) {
      rows.merge(key(event), row.apply(event).text(), (a, b) -> a.compareTo(b) > 0 ? a : b);
    }
    return rows;
  }

  private static String key(Event event) {
    return new OnlineKey(event.userId(), event.productId()).text();
  }
}
