package io.millrace.flink.validation;

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

/** Sends valid and invalid messages to their topics through one producer, in one transaction. */
final class ValidationResultSerializer
    implements KafkaRecordSerializationSchema<ValidationResult>, KafkaDatasetFacetProvider {
  private static final long serialVersionUID = 1L;

  @Override
  public ProducerRecord<byte[], byte[]> serialize(
      ValidationResult message, KafkaSinkContext context, @Nullable Long timestamp) {
    // Without a timestamp of ours it is the time of writing: the topics' retention goes by it.
    ProducerRecord<byte[], byte[]> written =
        new ProducerRecord<>(
            message.valid() ? Topics.VALIDATED : Topics.INVALID, message.key(), message.value());
    if (message.source() != null) {
      written.headers().add(Topics.SOURCE, message.source().getBytes(StandardCharsets.UTF_8));
    }
    return written;
  }

  /** The topics in which the sink, after a crash, looks for transactions that were left open. */
  @Override
  public Optional<KafkaDatasetFacet> getKafkaDatasetFacet() {
    return Optional.of(
        new DefaultKafkaDatasetFacet(
            DefaultKafkaDatasetIdentifier.ofTopics(List.of(Topics.VALIDATED, Topics.INVALID)),
            new Properties()));
  }
}
