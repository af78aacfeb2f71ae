package io.millrace.serving.log;

import io.millrace.core.serving.PredictionMessage;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Kafka's producer for {@link PredictionMessage#TOPIC}: made when it is wanted, and anew, a while
 * later, after one has failed. Only {@link #close} may be called by another thread.
 */
final class PredictionProducer {
  private static final Logger log = LoggerFactory.getLogger(PredictionProducer.class);

  /** How long a message may wait for the acknowledgement of all replicas. */
  static final int DELIVERY_MILLIS = 30_000;

  private static final int REQUEST_MILLIS = 10_000;
  private static final int RETRY_MILLIS = 2_000;

  /** Ten requests a second and not fifty: nobody waits for the log. */
  private static final int LINGER_MILLIS = 100;

  private static final int BATCH_BYTES = 256 << 10;
  private static final long BUFFER_BYTES = 16L << 20;

  /** Null if nothing is sent. */
  private final @Nullable String bootstrapServers;

  private volatile @Nullable Producer<byte[], byte[]> producer;
  private long nextAt = System.nanoTime();

  /**
   * Does not need Kafka yet.
   *
   * @param bootstrapServers brokers to ask first, host:port with commas between; null: what is to
   *     be sent is written down and thrown away
   */
  PredictionProducer(@Nullable String bootstrapServers) {
    this.bootstrapServers = bootstrapServers;
  }

  /** Asks Kafka for the topic, so that the first message, which tries again, need not wait. */
  void connect() {
    if (bootstrapServers == null) {
      return;
    }
    try {
      @Nullable Producer<byte[], byte[]> open = producer(bootstrapServers);
      if (open != null) {
        var unused = open.partitionsFor(PredictionMessage.TOPIC);
      }
    } catch (InterruptException e) {
      throw e;
    } catch (KafkaException e) {
      log.info("Kafka does not answer yet servers={} reason={}", bootstrapServers, e.toString());
    }
  }

  /**
   * Sends a message soon.
   *
   * @param told of Kafka's answer; never, if nothing is sent
   * @return false if there is no producer at the moment
   * @throws KafkaException if this producer is of no more use
   */
  boolean send(PredictionMessage message, Callback told) {
    if (bootstrapServers == null) {
      var unused = written(message);
      return true;
    }
    @Nullable Producer<byte[], byte[]> open = producer(bootstrapServers);
    if (open == null) {
      return false;
    }
    var unused = open.send(written(message), told);
    return true;
  }

  private static ProducerRecord<byte[], byte[]> written(PredictionMessage message) {
    String key = message.userId() == null ? message.requestId() : String.valueOf(message.userId());
    return new ProducerRecord<>(
        PredictionMessage.TOPIC, key.getBytes(StandardCharsets.UTF_8), message.bytes());
  }

  /** Null for a while after one could not be made, as when no broker's name is known yet. */
  private @Nullable Producer<byte[], byte[]> producer(String servers) {
    @Nullable Producer<byte[], byte[]> open = producer;
    if (open != null || System.nanoTime() < nextAt) {
      return open;
    }
    nextAt = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(RETRY_MILLIS);
    Producer<byte[], byte[]> made =
        new KafkaProducer<>(
            Map.ofEntries(
                Map.entry(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, servers),
                Map.entry(ProducerConfig.CLIENT_ID_CONFIG, "millrace-predictions"),
                Map.entry(ProducerConfig.ACKS_CONFIG, "all"),
                Map.entry(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true),
                Map.entry(ProducerConfig.COMPRESSION_TYPE_CONFIG, "lz4"),
                Map.entry(ProducerConfig.LINGER_MS_CONFIG, LINGER_MILLIS),
                Map.entry(ProducerConfig.BATCH_SIZE_CONFIG, BATCH_BYTES),
                Map.entry(ProducerConfig.BUFFER_MEMORY_CONFIG, BUFFER_BYTES),
                Map.entry(ProducerConfig.MAX_BLOCK_MS_CONFIG, DELIVERY_MILLIS),
                Map.entry(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, REQUEST_MILLIS),
                Map.entry(ProducerConfig.RECONNECT_BACKOFF_MAX_MS_CONFIG, RETRY_MILLIS),
                Map.entry(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, DELIVERY_MILLIS)),
            new ByteArraySerializer(),
            new ByteArraySerializer());
    producer = made;
    return made;
  }

  /** Lets what it has not sent fail, and makes another one later. */
  void discard() {
    @Nullable Producer<byte[], byte[]> open = producer;
    producer = null;
    if (open != null) {
      open.close(Duration.ZERO);
    }
  }

  /** Waits so long for what is on its way. */
  void close(Duration patience) {
    @Nullable Producer<byte[], byte[]> open = producer;
    if (open != null) {
      open.close(patience);
    }
  }
}
