package io.millrace.activities.asset;

import io.millrace.activities.streaming.Topics;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * The topic that asset events come by, and its dead letters.
 *
 * @param bootstrapServers brokers to ask first, host:port with commas between
 * @param name the topic
 */
public record AssetTopic(String bootstrapServers, String name) {

  /** The topic unless the settings name another. */
  public static final String DEFAULT = "millrace.asset-events";

  /** So many records are handed over at once at most. */
  static final int BATCH = 100;

  private static final String GROUP = "millrace-asset-events";
  private static final Duration TIMEOUT = Duration.ofSeconds(10);
  private static final Duration MAX_PAUSE = Duration.ofSeconds(30);
  private static final int PROBE_MILLIS = 2_000;

  /** Where records go that cannot be read. */
  public String deadLetters() {
    return name + ".invalid";
  }

  /** Whether somebody listens there: the client would log each of its tries. */
  boolean isReachable() {
    for (String server : bootstrapServers.split(",", -1)) {
      int colon = server.lastIndexOf(':');
      try (Socket socket = new Socket()) {
        socket.connect(
            new InetSocketAddress(
                server.substring(0, colon).strip(), Integer.parseInt(server.substring(colon + 1))),
            PROBE_MILLIS);
        return true;
      } catch (IOException e) {
        // The next may answer.
      }
    }
    return false;
  }

  /**
   * Creates what is missing, and returns Kafka's own id of the topic: one that is deleted and made
   * again has another, and begins again at offset 0.
   *
   * @throws KafkaException if Kafka does not answer in time
   */
  String prepare() {
    Topics.ensureExist(bootstrapServers, 1, List.of(name, deadLetters()));
    try (Admin admin =
        Admin.create(
            Map.of(
                AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers,
                AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, millis(TIMEOUT),
                AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, millis(TIMEOUT)))) {
      TopicDescription found =
          admin
              .describeTopics(List.of(name))
              .allTopicNames()
              .get(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)
              .get(name);
      return Objects.requireNonNull(found, name).topicId().toString();
    } catch (ExecutionException | TimeoutException e) {
      throw new KafkaException("Cannot look at the topic " + name, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new KafkaException("Interrupted while looking at the topic " + name, e);
    }
  }

  KafkaConsumer<byte[], byte[]> consumer() {
    return new KafkaConsumer<>(
        Map.of(
            ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
            bootstrapServers,
            ConsumerConfig.GROUP_ID_CONFIG,
            GROUP,
            ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
            false,
            ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
            "earliest",
            ConsumerConfig.ISOLATION_LEVEL_CONFIG,
            "read_committed",
            ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG,
            false,
            ConsumerConfig.MAX_POLL_RECORDS_CONFIG,
            BATCH,
            ConsumerConfig.RECONNECT_BACKOFF_MAX_MS_CONFIG,
            millis(MAX_PAUSE),
            ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG,
            millis(TIMEOUT)),
        new ByteArrayDeserializer(),
        new ByteArrayDeserializer());
  }

  KafkaProducer<byte[], byte[]> producer() {
    return new KafkaProducer<>(
        Map.of(
            ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers,
            ProducerConfig.RECONNECT_BACKOFF_MAX_MS_CONFIG, millis(MAX_PAUSE),
            ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, millis(TIMEOUT) / 2,
            ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, millis(TIMEOUT),
            ProducerConfig.MAX_BLOCK_MS_CONFIG, millis(TIMEOUT)),
        new ByteArraySerializer(),
        new ByteArraySerializer());
  }

  private static int millis(Duration time) {
    return Math.toIntExact(time.toMillis());
  }
}
