package io.millrace.bench.stream;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * What a job wrote: how many messages, and the time from the first to the last by the time at which
 * the broker appended them. So the start of processes does not count, nor when a transaction was
 * committed. In the first half, JVMs still compile.
 *
 * @param count committed messages
 * @param seconds from the first to the last
 * @param laterSeconds from the middle one to the last
 */
record WrittenMessages(long count, double seconds, double laterSeconds) {

  double perSecond() {
    return count / seconds;
  }

  /** Of the later half. */
  double laterPerSecond() {
    return count / 2.0 / laterSeconds;
  }

  /**
   * Reads topics until so many committed messages were seen.
   *
   * @throws IllegalStateException if the process ends first with an error
   */
  static WrittenMessages await(
      String bootstrapServers, List<String> topics, long expected, Process writer) {
    LongStream.Builder appended = LongStream.builder();
    long count = 0;
    try (KafkaConsumer<byte[], byte[]> consumer = consumer(bootstrapServers)) {
      consumer.assign(partitions(consumer, topics));
      consumer.seekToBeginning(consumer.assignment());
      while (count < expected) {
        var batch = consumer.poll(Duration.ofMillis(500));
        for (ConsumerRecord<byte[], byte[]> message : batch) {
          appended.add(message.timestamp());
        }
        count += batch.count();
        if (batch.isEmpty() && !writer.isAlive() && writer.exitValue() != 0) {
          throw new IllegalStateException(
              "The job ended with %d after %d of %d messages; see sides.log"
                  .formatted(writer.exitValue(), count, expected));
        }
      }
    }
    return of(appended.build().sorted().toArray());
  }

  private static WrittenMessages of(long[] appended) {
    long last = appended[appended.length - 1];
    return new WrittenMessages(
        appended.length, (last - appended[0]) / 1e3, (last - appended[appended.length / 2]) / 1e3);
  }

  private static List<TopicPartition> partitions(
      KafkaConsumer<byte[], byte[]> consumer, List<String> topics) {
    return topics.stream()
        .flatMap(topic -> consumer.partitionsFor(topic).stream())
        .map((PartitionInfo p) -> new TopicPartition(p.topic(), p.partition()))
        .toList();
  }

  static KafkaConsumer<byte[], byte[]> consumer(String bootstrapServers) {
    return new KafkaConsumer<>(
        Map.of(
            ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
            bootstrapServers,
            ConsumerConfig.ISOLATION_LEVEL_CONFIG,
            "read_committed",
            ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
            "earliest",
            ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
            false,
            ConsumerConfig.MAX_POLL_RECORDS_CONFIG,
            20_000),
        new ByteArrayDeserializer(),
        new ByteArrayDeserializer());
  }
}
