package io.millrace.flink;

import java.util.Optional;
import org.apache.flink.api.common.serialization.DeserializationSchema;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.util.UserCodeClassLoader;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.jspecify.annotations.Nullable;

/** Records as a consumer gives them to a deserializer, and the deserializer's context. */
public final class KafkaRecords {
  private KafkaRecords() {}

  /** A record at offset 42 of partition 3. */
  public static ConsumerRecord<byte[], byte[]> of(
      String topic, long timestamp, byte @Nullable [] value) {
    return new ConsumerRecord<>(
        topic,
        3,
        42,
        timestamp,
        TimestampType.CREATE_TIME,
        0,
        value == null ? 0 : value.length,
        new byte[0],
        value,
        new RecordHeaders(),
        Optional.empty());
  }

  /** A context that counts in these metrics. */
  public static DeserializationSchema.InitializationContext context(MetricGroup metrics) {
    return new DeserializationSchema.InitializationContext() {
      @Override
      public MetricGroup getMetricGroup() {
        return metrics;
      }

      @Override
      public UserCodeClassLoader getUserCodeClassLoader() {
        throw new UnsupportedOperationException("not asked for");
      }
    };
  }
}
