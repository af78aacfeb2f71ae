package io.millrace.flink;

import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import org.apache.flink.connector.base.DeliveryGuarantee;
import org.apache.flink.connector.kafka.sink.KafkaRecordSerializationSchema;
import org.apache.flink.connector.kafka.sink.KafkaSink;
import org.apache.flink.connector.kafka.sink.TransactionNamingStrategy;
import org.apache.flink.connector.kafka.source.KafkaSource;
import org.apache.flink.connector.kafka.source.KafkaSourceBuilder;
import org.apache.flink.connector.kafka.source.enumerator.initializer.OffsetsInitializer;
import org.apache.flink.connector.kafka.source.reader.deserializer.KafkaRecordDeserializationSchema;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.OffsetResetStrategy;
import org.apache.kafka.clients.producer.ProducerConfig;

/**
 * Makes the Kafka sources and sinks of the jobs, all with the same guarantees.
 *
 * @param bootstrapServers of the cluster
 * @param transactionTimeout how long the output of a stored checkpoint may wait to be committed: if
 *     Flink is away for longer at that moment, the broker drops it
 * @param discovery how soon a new topic or partition is found
 */
public record KafkaConnectors(
    String bootstrapServers, Duration transactionTimeout, Duration discovery) {
  /** Largest message that our output topics and producers take. */
  public static final int MAX_MESSAGE_BYTES = 16 << 20;

  /**
   * A source of committed messages. It goes on from the checkpoint; without one from the offsets
   * that the job committed last; without those from the beginning.
   */
  public <T> KafkaSource<T> source(
      String job, List<String> topics, KafkaRecordDeserializationSchema<T> reader) {
    return builder(job, topics.get(0), reader).setTopics(topics).build();
  }

  /** The same for all topics whose names match, also for those that are made later. */
  public <T> KafkaSource<T> source(
      String job, Pattern topics, KafkaRecordDeserializationSchema<T> reader) {
    return builder(job, "pattern", reader).setTopicPattern(topics).build();
  }

  @SuppressWarnings("deprecation") // the connector's interface still wants Kafka's old enum
  private <T> KafkaSourceBuilder<T> builder(
      String job, String client, KafkaRecordDeserializationSchema<T> reader) {
    return KafkaSource.<T>builder()
        .setBootstrapServers(bootstrapServers)
        .setGroupId("millrace-" + job)
        .setClientIdPrefix("millrace-" + job + "-" + client)
        .setStartingOffsets(OffsetsInitializer.committedOffsets(OffsetResetStrategy.EARLIEST))
        .setDeserializer(reader)
        .setProperty(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed")
        // How long an empty answer waits; a message ends that. Fewer requests while none come.
        .setProperty(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, "2000")
        .setProperty("partition.discovery.interval.ms", String.valueOf(discovery.toMillis()));
  }

  /** A sink whose messages become visible, all at once, when a checkpoint is complete. */
  public <T> KafkaSink<T> sink(String job, KafkaRecordSerializationSchema<T> writer) {
    return KafkaSink.<T>builder()
        .setBootstrapServers(bootstrapServers)
        .setRecordSerializer(writer)
        .setDeliveryGuarantee(DeliveryGuarantee.EXACTLY_ONCE)
        .setTransactionalIdPrefix("millrace-" + job)
        // A few ids used again and again, instead of a new one for every checkpoint.
        .setTransactionNamingStrategy(TransactionNamingStrategy.POOLING)
        .setProperty(
            ProducerConfig.TRANSACTION_TIMEOUT_CONFIG,
            String.valueOf(transactionTimeout.toMillis()))
        .setProperty(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, String.valueOf(MAX_MESSAGE_BYTES))
        .setProperty(ProducerConfig.COMPRESSION_TYPE_CONFIG, "lz4")
        .setProperty(ProducerConfig.BATCH_SIZE_CONFIG, String.valueOf(128 << 10))
        .setProperty(ProducerConfig.LINGER_MS_CONFIG, "20")
        .build();
  }
}
