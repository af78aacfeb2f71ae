package io.millrace.flink.features;

import io.millrace.flink.Topics;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import org.apache.flink.connector.kafka.lineage.DefaultKafkaDatasetFacet;
import org.apache.flink.connector.kafka.lineage.DefaultKafkaDatasetIdentifier;
import org.apache.flink.connector.kafka.lineage.KafkaDatasetFacet;
import org.apache.flink.connector.kafka.lineage.KafkaDatasetFacetProvider;
import org.apache.flink.connector.kafka.sink.KafkaRecordSerializationSchema;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/** Sends features to their topic, keyed by session. */
final class WriteReadyMessage
    implements KafkaRecordSerializationSchema<ReadyMessage>, KafkaDatasetFacetProvider {
  private static final long serialVersionUID = 1L;

  @Override
  public ProducerRecord<byte[], byte[]> serialize(
      ReadyMessage message, KafkaSinkContext context, @Nullable Long timestamp) {
    return new ProducerRecord<>(
        Topics.FEATURES_READY, message.session().getBytes(StandardCharsets.UTF_8), message.value());
  }

  /** The topic in which the sink, after a crash, looks for transactions that were left open. */
  @Override
  public Optional<KafkaDatasetFacet> getKafkaDatasetFacet() {
    return Optional.of(
        new DefaultKafkaDatasetFacet(
            DefaultKafkaDatasetIdentifier.ofTopics(List.of(Topics.FEATURES_READY)),
            new Properties()));
  }
}
