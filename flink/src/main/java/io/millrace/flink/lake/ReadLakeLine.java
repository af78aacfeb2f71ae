package io.millrace.flink.lake;

import io.millrace.core.events.EventReader;
import io.millrace.core.events.Verdict;
import io.millrace.core.serving.PredictionMessage;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import org.apache.flink.api.common.serialization.DeserializationSchema;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.connector.kafka.source.reader.deserializer.KafkaRecordDeserializationSchema;
import org.apache.flink.metrics.Counter;
import org.apache.flink.util.Collector;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/**
 * Takes a message as a line and finds its hour. A message without a value has no line; they are
 * counted as {@code lake.tombstones}.
 */
final class ReadLakeLine implements KafkaRecordDeserializationSchema<LakeLine> {
  private static final long serialVersionUID = 1L;
  private static final long MILLIS_PER_HOUR = TimeUnit.HOURS.toMillis(1);
  private static final long SECONDS_PER_HOUR = TimeUnit.HOURS.toSeconds(1);

  /** Folders have years of four digits, and a record can have any time. */
  private static final long FIRST_HOUR = hour("0001-01-01T00:00:00Z");

  private static final long LAST_HOUR = hour("9999-12-31T23:00:00Z");

  private final HourOf hourOf;

  @SuppressWarnings("NullAway.Init") // by open, on the machine that runs it
  private transient EventReader reader;

  @SuppressWarnings("NullAway.Init")
  private transient Counter tombstones;

  ReadLakeLine(HourOf hourOf) {
    this.hourOf = hourOf;
  }

  @Override
  public void open(DeserializationSchema.InitializationContext context) {
    reader = EventReader.ofValidated();
    tombstones = context.getMetricGroup().addGroup("lake").counter("tombstones");
  }

  @Override
  public void deserialize(ConsumerRecord<byte[], byte[]> message, Collector<LakeLine> out) {
    if (message.value() == null) {
      tombstones.inc();
      return;
    }
    out.collect(new LakeLine(hour(message), message.value()));
  }

  private static long hour(String time) {
    return Math.floorDiv(Instant.parse(time).getEpochSecond(), SECONDS_PER_HOUR);
  }

  private long hour(ConsumerRecord<byte[], byte[]> message) {
    @Nullable Instant time = time(message.value());
    long hour =
        time == null
            ? Math.floorDiv(message.timestamp(), MILLIS_PER_HOUR)
            : Math.floorDiv(time.getEpochSecond(), SECONDS_PER_HOUR);
    return Math.max(FIRST_HOUR, Math.min(hour, LAST_HOUR));
  }

  /** The time that the message itself has; null if the record's counts. */
  private @Nullable Instant time(byte[] message) {
    return switch (hourOf) {
      case EVENT ->
          reader.read(message) instanceof Verdict.Valid valid ? valid.event().eventTime() : null;
      case PREDICTION -> PredictionMessage.timeOf(message);
      case RECORD -> null;
    };
  }

  @Override
  public TypeInformation<LakeLine> getProducedType() {
    return TypeInformation.of(LakeLine.class);
  }
}
