package io.millrace.serving.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.core.events.Event;
import io.millrace.core.events.EventType;
import io.millrace.core.features.OnlineKey;
import io.millrace.core.features.OnlineRow;
import io.millrace.core.serving.PredictionMessage;
import io.millrace.serving.FakeModels;
import io.millrace.serving.TestServer;
import io.millrace.serving.models.Rollout;
import io.millrace.stack.Component;
import io.millrace.stack.LocalStack;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.junit.jupiter.api.Test;

/** Writes to a real Kafka, also while it is killed. */
class KafkaPredictionLogIT {

  @Test
  void writesEveryRowOnceAndGoesOnAfterKafkaWasKilled() throws Exception {
    try (LocalStack stack = LocalStack.forTests(Component.KAFKA);
        TestServer server =
            new TestServer(
                new FakeModels()
                    .register("shop", "7", 0.25f, 0.75f)
                    .rollOut("shop", Rollout.of("7")))) {
      String kafka = stack.endpoints().kafka().bootstrapServers();
      createTopic(kafka);
      PredictionRecord record = predicted(server);
      KafkaPredictionLog predictions = new KafkaPredictionLog(kafka, 1_000);
      for (int i = 0; i < 100; i++) {
        predictions.offer(record);
      }
      await().until(() -> predictions.sent() == 100);

      stack.kill9(Component.KAFKA);
      for (int i = 0; i < 50; i++) {
        predictions.offer(record);
      }
      stack.restart(Component.KAFKA);
      await()
          .until(
              () -> {
                predictions.offer(record);
                return predictions.sent() > 150;
              });
      predictions.close();

      List<ConsumerRecord<String, String>> written = read(kafka, predictions.sent());
      assertThat(written).allMatch(message -> message.key().equals("1"));
      Set<String> ids = new HashSet<>();
      for (ConsumerRecord<String, String> message : written) {
        PredictionMessage read =
            PredictionMessage.parse(message.value().getBytes(StandardCharsets.UTF_8));
        assertThat(ids.add(read.predictionId())).as(read.predictionId()).isTrue();
        assertThat(read.userId()).isEqualTo(1);
        assertThat(read.productId()).isEqualTo(2);
        assertThat(read.features())
            .isEqualTo("{\"brand\":\"sony\",\"price\":60,\"activity_count\":4}");
      }
      assertThat(predictions.dropped()).isZero();
    }
  }

  private static void createTopic(String kafka) throws Exception {
    try (Admin admin = Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, kafka))) {
      String name = PredictionMessage.TOPIC;
      NewTopic topic = new NewTopic(name, Optional.of(2), Optional.empty());
      admin.createTopics(List.of(topic)).all().get();
      // The broker tells of a new topic before its leaders answer.
      Map<TopicPartition, OffsetSpec> leaders =
          Map.of(
              new TopicPartition(name, 0), OffsetSpec.latest(),
              new TopicPartition(name, 1), OffsetSpec.latest());
      await()
          .ignoreExceptions()
          .until(() -> admin.listOffsets(leaders).all().get().size() == leaders.size());
    }
  }

  private static PredictionRecord predicted(TestServer server) throws Exception {
    Event event =
        new Event(
            Instant.parse("2019-10-01T00:00:00Z"),
            EventType.CART,
            2,
            3,
            "electronics.audio",
            "sony",
            60,
            1,
            "visit");
    server.rows.put(new OnlineKey(1, 2), OnlineRow.of(event, 4));
    server.post("/models/shop/predict", "{\"entities\":[{\"user_id\":1,\"product_id\":2}]}");
    return server.records.element();
  }

  /** As many messages as there must be, and whatever comes with them. */
  private static List<ConsumerRecord<String, String>> read(String kafka, long count) {
    List<ConsumerRecord<String, String>> read = new ArrayList<>();
    try (KafkaConsumer<String, String> consumer =
        new KafkaConsumer<>(
            Map.of(
                ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, kafka,
                ConsumerConfig.GROUP_ID_CONFIG, "test",
                ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest"),
            new StringDeserializer(),
            new StringDeserializer())) {
      consumer.subscribe(List.of(PredictionMessage.TOPIC));
      await()
          .until(
              () -> {
                consumer.poll(Duration.ofMillis(200)).forEach(read::add);
                return read.size() >= count;
              });
    }
    return read;
  }
}
