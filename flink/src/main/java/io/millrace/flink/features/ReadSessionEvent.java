package io.millrace.flink.features;

import io.millrace.core.events.Event;
import io.millrace.core.events.EventReader;
import io.millrace.core.events.Verdict;
import io.millrace.core.features.FeatureMessage;
import io.millrace.core.features.OnlineRow;
import io.millrace.core.features.PurchaseFeatures;
import io.millrace.core.features.SessionActivity;
import java.time.Instant;
import org.apache.flink.api.common.serialization.DeserializationSchema;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.connector.kafka.source.reader.deserializer.KafkaRecordDeserializationSchema;
import org.apache.flink.metrics.Counter;
import org.apache.flink.util.Collector;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/**
 * Reads validated messages. What is no valid event, because someone else wrote to the topic, is
 * passed over and counted as {@code features.dropped}.
 */
final class ReadSessionEvent implements KafkaRecordDeserializationSchema<SessionEvent> {
  private static final long serialVersionUID = 1L;

  @SuppressWarnings("NullAway.Init") // by open, on the machine that runs it
  private transient EventReader reader;

  @SuppressWarnings("NullAway.Init")
  private transient Counter dropped;

  @Override
  public void open(DeserializationSchema.InitializationContext context) {
    reader = new EventReader();
    dropped = context.getMetricGroup().addGroup("features").counter("dropped");
  }

  @Override
  public void deserialize(ConsumerRecord<byte[], byte[]> message, Collector<SessionEvent> out) {
    SessionEvent event = read(reader, message.value(), Instant.now());
    if (event == null) {
      dropped.inc();
    } else {
      out.collect(event);
    }
  }

  static @Nullable SessionEvent read(EventReader reader, byte @Nullable [] value, Instant now) {
    if (!(reader.read(value) instanceof Verdict.Valid valid)) {
      return null;
    }
    Event event = valid.event();
    SessionActivity.Entry entry = SessionActivity.Entry.of(event);
    return new SessionEvent(
        event.userSession(),
        entry.timeMicros(),
        entry.idHigh(),
        entry.idLow(),
        entry.userId(),
        entry.productId(),
        // The body does not depend on the count, which is not known yet.
        OnlineRow.body(event.userSession(), PurchaseFeatures.of(event, 0)),
        FeatureMessage.of(event, reader.eventTimeText(), now));
  }

  @Override
  public TypeInformation<SessionEvent> getProducedType() {
    return TypeInformation.of(SessionEvent.class);
  }
}
