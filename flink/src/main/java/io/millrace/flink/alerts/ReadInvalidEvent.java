package io.millrace.flink.alerts;

import io.millrace.core.alerts.InvalidEvent;
import io.millrace.flink.Topics;
import java.nio.charset.StandardCharsets;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.connector.kafka.source.reader.deserializer.KafkaRecordDeserializationSchema;
import org.apache.flink.util.Collector;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;

/**
 * Takes from an invalid message what it says about itself; the message stays behind.
 *
 * <p>A record with a time that has not come yet counts as written now: alerts go by the greatest
 * time so far, and one record from the future would hold back all others until then.
 */
final class ReadInvalidEvent implements KafkaRecordDeserializationSchema<InvalidEvent> {
  private static final long serialVersionUID = 1L;

  @Override
  public void deserialize(ConsumerRecord<byte[], byte[]> message, Collector<InvalidEvent> out) {
    Header source = message.headers().lastHeader(Topics.SOURCE);
    String topic =
        source == null || source.value() == null
            ? null
            : new String(source.value(), StandardCharsets.UTF_8);
    long written = Math.max(0, Math.min(message.timestamp(), System.currentTimeMillis()));
    out.collect(InvalidEvent.read(topic, message.value(), written));
  }

  @Override
  public TypeInformation<InvalidEvent> getProducedType() {
    return TypeInformation.of(InvalidEvent.class);
  }
}
