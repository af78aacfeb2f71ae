package io.millrace.activities.streaming;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongConsumer;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InvalidTimestampException;
import org.apache.kafka.common.errors.RecordBatchTooLargeException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/**
 * Sends the messages of a source to its topic, in their order, each acknowledged by all replicas
 * and written once even when the producer has to retry.
 *
 * <p>A message that Kafka refuses because of itself, such as one that is too large as it is
 * encoded, is counted and named by its line and the reason, and the others go on. If Kafka fails
 * for good the replay stops with an exception; if the input breaks off it sends what came before
 * and says so in the summary.
 */
public final class EventReplay {
  /** An outage that a person ends costs time, and no message. */
  private static final int PATIENCE_MILLIS = 600_000;

  private final Producer<byte[], byte[]> producer;

  EventReplay(Producer<byte[], byte[]> producer) {
    this.producer = producer;
  }

  /**
   * Sends everything to Kafka and closes the connection.
   *
   * @param ratePerSecond most messages a second; 0 = as fast as it goes
   * @param progress told the number of messages sent so far, often; cheap calls only
   * @throws KafkaException if Kafka does not take a message within ten minutes
   */
  public static ReplaySummary send(
      String bootstrapServers,
      String compression,
      EventSource source,
      double ratePerSecond,
      LongConsumer progress) {
    Map<String, Object> settings =
        Map.of(
            ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
            bootstrapServers,
            ProducerConfig.CLIENT_ID_CONFIG,
            "millrace-produce",
            ProducerConfig.ACKS_CONFIG,
            "all",
            ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG,
            true,
            ProducerConfig.COMPRESSION_TYPE_CONFIG,
            compression,
            ProducerConfig.LINGER_MS_CONFIG,
            20,
            ProducerConfig.BATCH_SIZE_CONFIG,
            1 << 18,
            ProducerConfig.MAX_BLOCK_MS_CONFIG,
            PATIENCE_MILLIS,
            ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG,
            PATIENCE_MILLIS);
    try (Producer<byte[], byte[]> producer =
        new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer())) {
      return new EventReplay(producer).run(source, ratePerSecond, progress);
    }
  }

  ReplaySummary run(EventSource source, double ratePerSecond, LongConsumer progress) {
    ReplayTally tally = new ReplayTally(source);
    AtomicReference<@Nullable Exception> failure = new AtomicReference<>();
    Pace pace = new Pace(ratePerSecond);
    long sent = 0;
    String brokenOff = null;
    try {
      for (RawMessage message = source.next(); message != null; message = source.next()) {
        // The future would say what the callback says.
        var unused =
            producer.send(record(source.topic(), message), new Delivery(message, tally, failure));
        sent++;
        progress.accept(sent);
        stopOn(failure, tally);
        pace.keep(sent);
      }
    } catch (IOException e) {
      brokenOff = e.getMessage() == null ? e.toString() : e.getMessage();
    }
    producer.flush();
    stopOn(failure, tally);
    return tally.summary(brokenOff);
  }

  private static void stopOn(AtomicReference<@Nullable Exception> failure, ReplayTally tally) {
    Exception first = failure.get();
    if (first != null) {
      throw new KafkaException(
          "Kafka failed after %,d messages had been written".formatted(tally.produced()), first);
    }
  }

  /** Notes what became of a message; called by the producer's own thread, too. */
  private record Delivery(
      RawMessage message, ReplayTally tally, AtomicReference<@Nullable Exception> failure)
      implements Callback {

    @Override
    public void onCompletion(@Nullable RecordMetadata metadata, @Nullable Exception exception) {
      if (exception == null) {
        tally.produced(message);
      } else if (isAboutTheMessage(exception)) {
        tally.refused(
            message,
            "not sent, as Kafka refuses its message of %,d bytes: %s"
                .formatted(message.value().length, exception.getMessage()));
      } else {
        failure.compareAndSet(null, exception);
      }
    }
  }

  /**
   * Whether another message may well be taken: this one is too large, or not as the topic wants.
   */
  private static boolean isAboutTheMessage(Exception exception) {
    return exception instanceof RecordTooLargeException
        || exception instanceof RecordBatchTooLargeException
        || exception instanceof InvalidRecordException
        || exception instanceof InvalidTimestampException;
  }

  private static ProducerRecord<byte[], byte[]> record(String topic, RawMessage message) {
    String key = message.key();
    return new ProducerRecord<>(
        topic, key == null ? null : key.getBytes(StandardCharsets.UTF_8), message.value());
  }
}
