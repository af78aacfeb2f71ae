package io.millrace.bench.stream;

import io.millrace.activities.streaming.EventReplay;
import io.millrace.activities.streaming.GeneratedEvents;
import io.millrace.activities.streaming.Topics;
import io.millrace.core.events.Event;
import io.millrace.stack.Endpoints;
import io.millrace.stack.process.Ports;
import io.minio.ListObjectsArgs;
import io.minio.MinioClient;
import io.minio.RemoveObjectArgs;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** Fills, makes and clears what the stream bench's jobs read and write. */
final class StreamServers {
  private static final String CHECKPOINTS = "flink-checkpoints";
  private static final Duration POLL = Duration.ofMillis(100);

  private final Endpoints at;

  StreamServers(Endpoints at) {
    this.at = at;
  }

  String bootstrapServers() {
    return at.kafka().bootstrapServers();
  }

  int freePort() {
    return Ports.free(1).get(0);
  }

  /** An empty topic of this name; an older one is gone. */
  String topic(String name, int partitions) throws Exception {
    try (Admin admin = admin()) {
      while (admin.listTopics().names().get().contains(name)) {
        admin.deleteTopics(Set.of(name)).all().get();
        Thread.sleep(POLL.toMillis());
      }
      NewTopic topic =
          new NewTopic(name, partitions, (short) 1)
              .configs(
                  Map.of(
                      "max.message.bytes",
                      Integer.toString(16 << 20),
                      // A sink may pass on the source's timestamps: the broker's own are needed.
                      "message.timestamp.type",
                      "LogAppendTime"));
      admin.createTopics(List.of(topic)).all().get();
      Topics.awaitLeaders(admin, List.of(name));
    }
    return name;
  }

  /** Generated raw events in their topic. */
  void produce(int messages, double badRate, int partitions) throws Exception {
    topic(Topics.RAW, partitions);
    GeneratedEvents events =
        new GeneratedEvents(messages, 7, badRate, Instant.parse("2019-10-01T00:00:00Z"));
    EventReplay.send(bootstrapServers(), "lz4", events, 0, sent -> {});
  }

  /** Lets a job begin afresh: without its offsets and checkpoints. */
  @SuppressWarnings("try") // MinioClient.close() declares what may be an InterruptedException
  void forget(String job) throws Exception {
    try (Admin admin = admin()) {
      admin.deleteConsumerGroups(Set.of("millrace-" + job)).all().get();
    } catch (ExecutionException e) {
      if (!(e.getCause() instanceof GroupIdNotFoundException)) {
        throw e;
      }
    }
    try (MinioClient s3 =
        MinioClient.builder()
            .endpoint(at.s3().endpoint())
            .region(at.s3().region())
            .credentials(at.s3().accessKey(), at.s3().secretKey())
            .build()) {
      if (!s3.bucketExists(io.minio.BucketExistsArgs.builder().bucket(CHECKPOINTS).build())) {
        return;
      }
      for (var found :
          s3.listObjects(
              ListObjectsArgs.builder()
                  .bucket(CHECKPOINTS)
                  .prefix(job + "/")
                  .recursive(true)
                  .build())) {
        s3.removeObject(
            RemoveObjectArgs.builder()
                .bucket(CHECKPOINTS)
                .object(found.get().objectName())
                .build());
      }
    }
  }

  /** For values that a bench writes itself. */
  static KafkaProducer<String, byte[]> producer(String bootstrapServers, int lingerMillis) {
    return new KafkaProducer<>(
        Map.of(
            ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
            bootstrapServers,
            ProducerConfig.COMPRESSION_TYPE_CONFIG,
            "lz4",
            ProducerConfig.LINGER_MS_CONFIG,
            lingerMillis),
        new StringSerializer(),
        new ByteArraySerializer());
  }

  /** The same event of another user or session. */
  static Event event(Event event, long user, String session) {
    return new Event(
        event.eventTime(),
        event.eventType(),
        event.productId(),
        event.categoryId(),
        event.categoryCode(),
        event.brand(),
        event.price(),
        user,
        session);
  }

  private Admin admin() {
    return Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers()));
  }
}
