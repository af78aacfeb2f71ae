package io.millrace.activities.cdc;

import io.millrace.activities.streaming.Topics;
import io.millrace.core.events.Event;
import io.millrace.core.events.EventIdentity;
import io.millrace.core.events.EventReader;
import io.millrace.core.events.Verdict;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;

/** Follows what a reader of committed messages sees of the CDC topic. */
final class CapturedEvents implements AutoCloseable {
  private final KafkaConsumer<String, byte[]> consumer;
  private final EventReader reader = new EventReader();
  private final List<Captured> all = new ArrayList<>();

  CapturedEvents(String bootstrapServers, int partitions) {
    consumer =
        new KafkaConsumer<>(
            Map.of(
                ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                bootstrapServers,
                ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                "read_committed",
                ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                "earliest",
                ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
                false),
            new StringDeserializer(),
            new ByteArrayDeserializer());
    List<TopicPartition> parts = new ArrayList<>();
    for (int part = 0; part < partitions; part++) {
      parts.add(new TopicPartition(Topics.CDC, part));
    }
    consumer.assign(parts);
  }

  /** A message as the validation will read it. */
  record Captured(String key, String text, Verdict verdict) {
    Event event() {
      return ((Verdict.Valid) verdict).event();
    }

    String identity() {
      return EventIdentity.hex(event());
    }
  }

  /** Everything up to now, each partition's messages in their order. */
  List<Captured> all() {
    for (ConsumerRecord<String, byte[]> message : consumer.poll(Duration.ofMillis(200))) {
      byte[] value = message.value();
      String text =
          value == null ? "null" : new String(value, java.nio.charset.StandardCharsets.UTF_8);
      all.add(new Captured(message.key(), text, reader.read(value)));
    }
    return List.copyOf(all);
  }

  @Override
  public void close() {
    consumer.close();
  }
}
