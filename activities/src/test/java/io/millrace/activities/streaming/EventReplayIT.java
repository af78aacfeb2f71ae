package io.millrace.activities.streaming;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.stack.Component;
import io.millrace.stack.LocalStack;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.zip.GZIPOutputStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The producer on a real broker. */
class EventReplayIT {
  private static final String HEADER =
      "event_time,event_type,product_id,category_id,category_code,brand,price,user_id,user_session";

  private static LocalStack stack;
  private static String kafka;

  @TempDir Path folder;

  @BeforeAll
  static void start() {
    stack = LocalStack.forTests(Component.KAFKA);
    kafka = stack.endpoints().kafka().bootstrapServers();
    Topics.ensureExist(kafka, 4, Topics.ALL);
    Topics.ensureExist(kafka, 4, Topics.ALL);
  }

  @AfterAll
  static void stop() {
    stack.close();
  }

  @Test
  void everyGeneratedMessageArrivesOnceAndSessionsKeepTheirOrder() {
    long before = records(Topics.RAW).size();
    Instant start = Instant.parse("2019-10-01T00:00:00Z");

    ReplaySummary summary =
        EventReplay.send(kafka, "lz4", new GeneratedEvents(5_000, 3, 0.1, start), 0, sent -> {});

    List<ConsumerRecord<byte[], byte[]>> arrived = records(Topics.RAW);
    assertThat(summary.produced()).isEqualTo(5_000);
    assertThat(summary.kinds().values().stream().mapToLong(Long::longValue).sum()).isEqualTo(5_000);
    assertThat(arrived).hasSize((int) before + 5_000);
    Map<String, Integer> partitionOfSession = new HashMap<>();
    for (ConsumerRecord<byte[], byte[]> record : arrived) {
      if (record.key() != null) {
        String session = new String(record.key(), StandardCharsets.UTF_8);
        assertThat(partitionOfSession.computeIfAbsent(session, any -> record.partition()))
            .isEqualTo(record.partition());
      }
    }
  }

  @Test
  void sendsWhatCameBeforeTheEndOfATruncatedFile() throws IOException {
    StringBuilder text = new StringBuilder(HEADER).append('\n');
    for (int i = 0; i < 5_000; i++) {
      text.append("2019-10-01 00:00:00 UTC,view,").append(i * 7_919L).append(",1,,,1.0,2,s\n");
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
      gzip.write(text.toString().getBytes(StandardCharsets.UTF_8));
    }
    Path file = folder.resolve("cut.csv.gz");
    Files.write(file, Arrays.copyOf(bytes.toByteArray(), bytes.size() / 2));
    long before = records(Topics.RAW).size();

    ReplaySummary summary;
    try (CsvEvents source = CsvEvents.open(file)) {
      summary = EventReplay.send(kafka, "zstd", source, 0, sent -> {});
    }

    assertThat(summary.isComplete()).isFalse();
    assertThat(summary.brokenOff()).contains("cut.csv.gz breaks off in line");
    assertThat(summary.produced()).isPositive();
    assertThat(records(Topics.RAW)).hasSize((int) (before + summary.produced()));
  }

  /** A fat line is refused for what its message is, and costs no other line. */
  @Test
  void sendsOrNamesEveryLineOfAFile() throws IOException {
    String row = "2019-10-01 00:00:00 UTC,view,1,2,a.b,%s,1.5,3,s";
    ByteArrayOutputStream text = new ByteArrayOutputStream();
    for (String line :
        List.of(
            HEADER,
            row.formatted("first"),
            row.formatted("\u0001".repeat(200_000)),
            "",
            row.formatted("\"q\"") + "\r" + row.formatted("second"),
            row.formatted("x".repeat(CsvEvents.MAX_LINE)),
            row.formatted("x".repeat(900_000)),
            row.formatted("a\0b"))) {
      text.writeBytes((line + "\r\n").getBytes(StandardCharsets.UTF_8));
    }
    text.writeBytes(new byte[] {(byte) 0xff, '\n'});
    text.writeBytes(row.formatted("last").getBytes(StandardCharsets.UTF_8));
    Path file = Files.write(folder.resolve("odd.csv"), text.toByteArray());
    long before = records(Topics.RAW).size();

    ReplaySummary summary;
    try (CsvEvents source = CsvEvents.open(file)) {
      summary = EventReplay.send(kafka, "lz4", source, 0, sent -> {});
    }

    assertThat(summary.lines()).isEqualTo(10);
    assertThat(summary.produced()).isEqualTo(6);
    assertThat(summary.kinds()).isEqualTo(Map.of("event", 4L, "malformed_line", 2L));
    assertThat(summary.blankLines()).isEqualTo(1);
    assertThat(summary.refusedLines()).isEqualTo(2);
    assertThat(summary.isComplete()).isFalse();
    assertThat(summary.brokenOff()).isNull();
    assertThat(summary.remarks())
        .satisfiesExactlyInAnyOrder(
            fat -> assertThat(fat).contains("line 3", "not sent", "1,200,", "max.request.size"),
            two -> assertThat(two).contains("line 5", "2 rows in one line"),
            longest -> assertThat(longest).contains("line 6", "1,048,", "not sent"),
            bytes -> assertThat(bytes).contains("line 9", "not UTF-8"));
    assertThat(records(Topics.RAW)).hasSize((int) before + 6);
  }

  /** The broker takes less than the client does: some of what is sent together is too large. */
  @Test
  void goesOnWhenTheBrokerRefusesAMessage() throws Exception {
    String topic = "narrow";
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka))) {
      admin
          .createTopics(
              List.of(
                  new NewTopic(topic, 1, (short) 1).configs(Map.of("max.message.bytes", "20000"))))
          .all()
          .get();
      Topics.awaitLeaders(admin, List.of(topic));
    }
    StringBuilder text = new StringBuilder(HEADER).append('\n');
    for (int i = 0; i < 3_000; i++) {
      String brand = i % 1_000 == 500 ? noise(40_000) : "b" + i;
      text.append("2019-10-01 00:00:00 UTC,view,").append(i).append(",2,a.b,").append(brand);
      text.append(",1.5,3,s\n");
    }
    Path file = Files.writeString(folder.resolve("narrow.csv"), text);

    ReplaySummary summary;
    try (EventSource source = at(topic, CsvEvents.open(file))) {
      summary = EventReplay.send(kafka, "none", source, 0, sent -> {});
    }

    assertThat(summary.produced()).isEqualTo(2_997);
    assertThat(summary.refusedLines()).isEqualTo(3);
    assertThat(summary.remarks())
        .satisfiesExactlyInAnyOrder(
            first -> assertThat(first).contains("narrow.csv line 502: not sent"),
            second -> assertThat(second).contains("narrow.csv line 1502: not sent"),
            third -> assertThat(third).contains("narrow.csv line 2502: not sent"));
    assertThat(records(topic)).hasSize(2_997);
  }

  /** Text that does not shrink. */
  private static String noise(int length) {
    StringBuilder noise = new StringBuilder();
    new SplittableRandom(length).ints(length, 'a', 'z').forEach(c -> noise.append((char) c));
    return noise.toString();
  }

  private static EventSource at(String topic, EventSource source) {
    return (EventSource)
        Proxy.newProxyInstance(
            EventSource.class.getClassLoader(),
            new Class<?>[] {EventSource.class},
            (proxy, method, arguments) ->
                method.getName().equals("topic") ? topic : method.invoke(source, arguments));
  }

  @Test
  void countsCommittedMessagesAndNotThoseOfAnAbortedTransaction() {
    try (TopicCounter counter = TopicCounter.open(kafka, Topics.VALIDATED);
        Producer<byte[], byte[]> producer =
            new KafkaProducer<>(
                Map.of("bootstrap.servers", kafka, "transactional.id", "counted"),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
      producer.initTransactions();
      assertThat(counter.count()).isZero();

      transaction(producer, 10, true);
      transaction(producer, 7, false);
      // A commit returns before every partition has its marker.
      await().untilAsserted(() -> assertThat(counter.count()).isEqualTo(10));

      transaction(producer, 5, true);
      await().untilAsserted(() -> assertThat(counter.count()).isEqualTo(15));
    }
  }

  private static void transaction(
      Producer<byte[], byte[]> producer, int messages, boolean committed) {
    producer.beginTransaction();
    for (int i = 0; i < messages; i++) {
      var unused = producer.send(new ProducerRecord<>(Topics.VALIDATED, new byte[] {1}));
    }
    producer.flush();
    if (committed) {
      producer.commitTransaction();
    } else {
      producer.abortTransaction();
    }
  }

  private static List<ConsumerRecord<byte[], byte[]>> records(String topic) {
    Map<String, Object> settings = Map.of("bootstrap.servers", kafka);
    try (Consumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      List<TopicPartition> partitions =
          consumer.partitionsFor(topic).stream()
              .map(info -> new TopicPartition(info.topic(), info.partition()))
              .toList();
      assertThat(partitions).hasSize(topic.equals(Topics.RAW) ? 4 : 1);
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
      List<ConsumerRecord<byte[], byte[]>> all = new ArrayList<>();
      while (ends.entrySet().stream()
          .anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
        consumer.poll(Duration.ofSeconds(1)).forEach(all::add);
      }
      return all;
    }
  }
}
