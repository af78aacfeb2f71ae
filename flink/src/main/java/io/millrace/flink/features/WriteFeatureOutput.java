package io.millrace.flink.features;

import io.millrace.flink.Topics;
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

/** Sends features, and messages of which there are none, to their topics in one transaction. */
final class WriteFeatureOutput
    implements KafkaRecordSerializationSchema<FeatureOutput>, KafkaDatasetFacetProvider {
  private static final long serialVersionUID = 1L;

  @Override
  public ProducerRecord<byte[], byte[]> serialize(
      FeatureOutput message, KafkaSinkContext context, @Nullable Long timestamp) {
    return new ProducerRecord<>(message.topic(), message.key(), message.value());
  }

  /** The topics in which the sink, after a crash, looks for transactions that were left open. */
  @Override
  public Optional<KafkaDatasetFacet> getKafkaDatasetFacet() {
    return Optional.of(
        new DefaultKafkaDatasetFacet(
            DefaultKafkaDatasetIdentifier.ofTopics(
                List.of(Topics.FEATURES_READY, Topics.INVALID_FEATURES)),
            new Properties()));
  }
}
