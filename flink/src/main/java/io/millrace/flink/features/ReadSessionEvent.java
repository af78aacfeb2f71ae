package io.millrace.flink.features;

import io.millrace.core.events.EventReader;
import java.time.Instant;
import org.apache.flink.api.common.serialization.DeserializationSchema;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.connector.kafka.source.reader.deserializer.KafkaRecordDeserializationSchema;
import org.apache.flink.metrics.Counter;
import org.apache.flink.util.Collector;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Reads validated messages. One that features cannot be made of, because someone else wrote to the
 * topic or through a fault of ours, goes on with the reason and is counted as {@code
 * features.invalid}.
 */
final class ReadSessionEvent implements KafkaRecordDeserializationSchema<SessionEvent> {
  private static final long serialVersionUID = 1L;

  @SuppressWarnings("NullAway.Init") // by open, on the machine that runs it
  private transient EventReader reader;

  @SuppressWarnings("NullAway.Init")
  private transient Counter invalid;

  @Override
  public void open(DeserializationSchema.InitializationContext context) {
    reader = EventReader.ofValidated();
    invalid = context.getMetricGroup().addGroup("features").counter("invalid");
  }

  @Override
  public void deserialize(ConsumerRecord<byte[], byte[]> message, Collector<SessionEvent> out) {
    SessionEvent event = SessionEvent.read(reader, message, Instant.now());
    if (event.refused()) {
      invalid.inc();
    }
    out.collect(event);
  }

  @Override
  public TypeInformation<SessionEvent> getProducedType() {
    return TypeInformation.of(SessionEvent.class);
  }
}
