package io.millrace.activities.alerts;

import io.millrace.activities.streaming.Topics;
import io.millrace.core.alerts.Alert;
import io.millrace.core.alerts.Severity;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * The committed alerts of {@link Topics#ALERTS}, handed on to whoever deals with them: printed,
 * posted, mailed. It belongs to no consumer group and commits nothing, so that any number of them
 * see every alert. Not thread-safe.
 */
public final class AlertFeed implements AutoCloseable {
  private static final int TIMEOUT_MILLIS = 10_000;
  private static final Duration POLL = Duration.ofMillis(200);

  private final KafkaConsumer<byte[], byte[]> consumer;
  private final List<TopicPartition> partitions;
  private final Severity least;

  private AlertFeed(KafkaConsumer<byte[], byte[]> consumer, Severity least) {
    this.consumer = consumer;
    this.least = least;
    List<PartitionInfo> known = consumer.partitionsFor(Topics.ALERTS);
    partitions =
        known == null
            ? List.of()
            : known.stream()
                .map(info -> new TopicPartition(info.topic(), info.partition()))
                .toList();
    consumer.assign(partitions);
    consumer.seekToEnd(partitions);
  }

  /**
   * Stands behind the newest alert.
   *
   * @param least severity from which alerts are handed on
   * @throws org.apache.kafka.common.errors.TimeoutException if Kafka does not answer within 10 s
   */
  public static AlertFeed open(String bootstrapServers, Severity least) {
    Map<String, Object> settings =
        Map.of(
            ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
            bootstrapServers,
            ConsumerConfig.ISOLATION_LEVEL_CONFIG,
            "read_committed",
            ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
            false,
            ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG,
            false,
            ConsumerConfig.REQUEST_TIMEOUT_MS_CONFIG,
            TIMEOUT_MILLIS,
            ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG,
            TIMEOUT_MILLIS);
    KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    try {
      return new AlertFeed(consumer, least);
    } catch (RuntimeException e) {
      consumer.close();
      throw e;
    }
  }

  /** Whether there is a topic: the streaming jobs make it when they first start. */
  public boolean isThere() {
    return !partitions.isEmpty();
  }

  /** The newest alerts, at most so many, in the order of their time; stands behind them then. */
  public List<Alert> newest(int most) {
    Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
    Map<TopicPartition, Long> beginnings = consumer.beginningOffsets(partitions);
    List<Alert> found = new ArrayList<>();
    ends.forEach(
        (part, end) ->
            consumer.seek(part, Math.max(beginnings.getOrDefault(part, 0L), end - lookBack(most))));
    while (ends.entrySet().stream().anyMatch(e -> consumer.position(e.getKey()) < e.getValue())) {
      poll(found::add);
    }
    found.sort(Comparator.comparing(Alert::timestamp));
    return List.copyOf(found.subList(Math.max(0, found.size() - most), found.size()));
  }

  /** Offsets also count transactions' ends, and alerts that are not severe enough. */
  private static long lookBack(int most) {
    return most == 0 ? 0 : 1_000L + 10L * most;
  }

  /** Hands on each alert as it is committed, until it is told to stop. */
  public void follow(Consumer<Alert> receiver, BooleanSupplier stop) {
    while (!stop.getAsBoolean()) {
      poll(receiver);
    }
  }

  private void poll(Consumer<Alert> receiver) {
    for (ConsumerRecord<byte[], byte[]> message : consumer.poll(POLL)) {
      Alert.parse(message.value())
          .filter(alert -> alert.severity().compareTo(least) >= 0)
          .ifPresent(receiver);
    }
  }

  @Override
  public void close() {
    consumer.close();
  }
}
