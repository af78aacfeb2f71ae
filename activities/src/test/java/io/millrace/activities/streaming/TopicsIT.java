package io.millrace.activities.streaming;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.stack.Component;
import io.millrace.stack.LocalStack;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Topics on a real broker. */
class TopicsIT {
  private static final int PARTITIONS = 50;
  private static final int MESSAGES = 5_000;

  private static LocalStack stack;
  private static String kafka;

  @BeforeAll
  static void start() {
    stack = LocalStack.forTests(Component.KAFKA);
    kafka = stack.endpoints().kafka().bootstrapServers();
  }

  @AfterAll
  static void stop() {
    stack.close();
  }

  /** It did not, now and then, when the broker knew of the topic and had not yet opened it. */
  @Test
  void whatIsSentAtOnceToANewTopicArrives() throws Exception {
    Map<String, Object> settings =
        Map.of(
            ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
            kafka,
            ProducerConfig.LINGER_MS_CONFIG,
            0,
            ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG,
            30_000);
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer())) {
      for (int round = 0; round < 3; round++) {
        String topic = "new-" + round;
        Topics.ensureExist(kafka, PARTITIONS, List.of(topic));
        List<Future<RecordMetadata>> sent = new ArrayList<>();
        for (int i = 0; i < MESSAGES; i++) {
          byte[] message = String.valueOf(i).getBytes(StandardCharsets.UTF_8);
          sent.add(producer.send(new ProducerRecord<>(topic, message, message)));
        }
        for (Future<RecordMetadata> future : sent) {
          assertThat(future.get().topic()).isEqualTo(topic);
        }
      }
    }
  }
}
