package io.millrace.activities.streaming;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongConsumer;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/**
 * Sends the messages of a source to its topic, in their order, each acknowledged by all replicas
 * and written once even when the producer has to retry.
 *
 * <p>If Kafka fails for good the replay stops with an exception; if the input breaks off it sends
 * what came before and says so in the summary.
 */
public final class EventReplay {
  private static final int DELIVERY_TIMEOUT_MILLIS = 60_000;
  private static final int BLOCK_MILLIS = 30_000;

  private final Producer<byte[], byte[]> producer;

  EventReplay(Producer<byte[], byte[]> producer) {
    this.producer = producer;
  }

  /**
   * Sends everything to Kafka and closes the connection.
   *
   * @param ratePerSecond most messages a second; 0 = as fast as it goes
   * @param progress told the number of messages sent so far, often; cheap calls only
   * @throws KafkaException if Kafka does not take a message within a minute
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
            BLOCK_MILLIS,
            ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG,
            DELIVERY_TIMEOUT_MILLIS);
    try (Producer<byte[], byte[]> producer =
        new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer())) {
      return new EventReplay(producer).run(source, ratePerSecond, progress);
    }
  }

  ReplaySummary run(EventSource source, double ratePerSecond, LongConsumer progress) {
    Map<String, Long> kinds = new TreeMap<>();
    Acknowledgements acknowledgements = new Acknowledgements();
    long started = System.nanoTime();
    Pace pace = new Pace(ratePerSecond);
    long sent = 0;
    long bytes = 0;
    String brokenOff = null;
    try {
      for (RawMessage message = source.next(); message != null; message = source.next()) {
        // The future would say what the callback says.
        var unused = producer.send(record(source.topic(), message), acknowledgements);
        sent++;
        bytes += message.value().length;
        kinds.merge(message.kind(), 1L, Long::sum);
        progress.accept(sent);
        acknowledgements.stopOnFailure();
        pace.keep(sent);
      }
    } catch (IOException e) {
      brokenOff = e.getMessage() == null ? e.toString() : e.getMessage();
    }
    producer.flush();
    acknowledgements.stopOnFailure();
    return new ReplaySummary(
        acknowledgements.count.get(),
        kinds,
        source.blankLines(),
        source.refusedLines(),
        bytes,
        Duration.ofNanos(System.nanoTime() - started),
        source.remarks(),
        brokenOff);
  }

  /** Counts what is written and keeps the first failure; called by the producer's own thread. */
  private static final class Acknowledgements implements Callback {
    final AtomicLong count = new AtomicLong();
    final AtomicReference<@Nullable Exception> failure = new AtomicReference<>();

    @Override
    public void onCompletion(@Nullable RecordMetadata metadata, @Nullable Exception exception) {
      if (exception == null) {
        count.incrementAndGet();
      } else {
        failure.compareAndSet(null, exception);
      }
    }

    void stopOnFailure() {
      Exception first = failure.get();
      if (first != null) {
        throw new KafkaException(
            "Kafka refused a message after " + count + " had been written", first);
      }
    }
  }

  private static ProducerRecord<byte[], byte[]> record(String topic, RawMessage message) {
    String key = message.key();
    return new ProducerRecord<>(
        topic, key == null ? null : key.getBytes(StandardCharsets.UTF_8), message.value());
  }
}
