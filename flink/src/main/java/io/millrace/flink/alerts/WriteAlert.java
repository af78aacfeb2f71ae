package io.millrace.flink.alerts;

import io.millrace.core.alerts.Alert;
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

/** Writes alerts as JSON, keyed by topic and error type. */
final class WriteAlert implements KafkaRecordSerializationSchema<Alert>, KafkaDatasetFacetProvider {
  private static final long serialVersionUID = 1L;

  @Override
  public ProducerRecord<byte[], byte[]> serialize(
      Alert alert, KafkaSinkContext context, @Nullable Long timestamp) {
    return new ProducerRecord<>(
        Topics.ALERTS, alert.key().getBytes(StandardCharsets.UTF_8), alert.toJson());
  }

  /** The topic in which the sink, after a crash, looks for transactions that were left open. */
  @Override
  public Optional<KafkaDatasetFacet> getKafkaDatasetFacet() {
    return Optional.of(
        new DefaultKafkaDatasetFacet(
            DefaultKafkaDatasetIdentifier.ofTopics(List.of(Topics.ALERTS)), new Properties()));
  }
}
