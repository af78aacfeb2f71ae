package io.millrace.activities.streaming;

import io.millrace.core.serving.PredictionMessage;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.TopicPartitionInfo;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/** The topics that events travel through. */
public final class Topics {
  /** What producers write to. */
  public static final String RAW = "tracking.raw_user_behavior";

  /** What Debezium writes to. */
  public static final String CDC = "tracking_postgres_cdc.public.events";

  /** Events that the validation found good. */
  public static final String VALIDATED = "tracking.user_behavior.validated";

  /** Messages that it did not, each with the reason. */
  public static final String INVALID = "tracking.user_behavior.invalid";

  /** What was found to be wrong with them. */
  public static final String ALERTS = "tracking.user_behavior.alerts";

  /** What served models predicted. */
  public static final String PREDICTIONS = PredictionMessage.TOPIC;

  /** What stores sell; not about events, and in no list of them. */
  public static final String SALES = "sale_rossman_store";

  /** The topics that a platform begins with; who writes others makes them. */
  public static final List<String> ALL = List.of(RAW, CDC, VALIDATED, INVALID, ALERTS, PREDICTIONS);

  private static final int TIMEOUT_MILLIS = 10_000;
  private static final int PAUSE_MILLIS = 20;

  private Topics() {}

  /**
   * Creates the topics that are missing, and waits until all take messages; one that exists stays
   * as it is.
   *
   * @throws KafkaException if Kafka does not answer within 10 seconds or refuses
   */
  public static void ensureExist(String bootstrapServers, int partitions, List<String> names) {
    List<NewTopic> topics =
        names.stream()
            .map(name -> new NewTopic(name, Optional.of(partitions), Optional.empty()))
            .toList();
    try (Admin admin = admin(bootstrapServers)) {
      admin.createTopics(topics).values().forEach(Topics::await);
      awaitLeaders(admin, names);
    }
  }

  /**
   * Waits until the leader of every partition answers. A broker knows of a new topic before it has
   * opened it: then it turns a producer's first batch away, may take its second, and after that the
   * first never fits, so its messages are lost when their delivery times out (KAFKA-15591).
   *
   * @throws KafkaException if they do not within 10 seconds
   */
  public static void awaitLeaders(Admin admin, List<String> names) {
    long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(TIMEOUT_MILLIS);
    while (true) {
      try {
        newest(admin, names, OffsetSpec.latest());
        return;
      } catch (ExecutionException e) {
        if (!(e.getCause() instanceof RetriableException) || System.nanoTime() > deadline) {
          throw new KafkaException("The topics " + names + " take no messages", e.getCause());
        }
      } catch (InterruptedException e) {
        throw interrupted("waiting for the topics " + names, e);
      }
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(PAUSE_MILLIS));
    }
  }

  /**
   * When the newest message of a topic was written; empty if it has none, or is not there.
   *
   * @throws KafkaException if Kafka does not answer within 10 seconds
   */
  public static Optional<Instant> lastWritten(String bootstrapServers, String topic) {
    try (Admin admin = admin(bootstrapServers)) {
      return newest(admin, List.of(topic), OffsetSpec.maxTimestamp()).stream()
          .map(ListOffsetsResultInfo::timestamp)
          .filter(timestamp -> timestamp >= 0)
          .max(Comparator.naturalOrder())
          .map(Instant::ofEpochMilli);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof UnknownTopicOrPartitionException) {
        return Optional.empty();
      }
      throw new KafkaException("Cannot look into the topic " + topic, e.getCause());
    } catch (InterruptedException e) {
      throw interrupted("looking into the topic " + topic, e);
    }
  }

  /** Asks the leader of each partition. */
  private static Collection<ListOffsetsResultInfo> newest(
      Admin admin, List<String> topics, OffsetSpec spec)
      throws ExecutionException, InterruptedException {
    Map<TopicPartition, OffsetSpec> wanted = new HashMap<>();
    for (TopicDescription topic : admin.describeTopics(topics).allTopicNames().get().values()) {
      for (TopicPartitionInfo partition : topic.partitions()) {
        wanted.put(new TopicPartition(topic.name(), partition.partition()), spec);
      }
    }
    return admin.listOffsets(wanted).all().get().values();
  }

  private static Admin admin(String bootstrapServers) {
    return Admin.create(
        Map.of(
            AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers,
            AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, TIMEOUT_MILLIS,
            AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, TIMEOUT_MILLIS));
  }

  private static void await(String topic, KafkaFuture<Void> created) {
    try {
      created.get();
    } catch (ExecutionException e) {
      if (!(e.getCause() instanceof TopicExistsException)) {
        throw new KafkaException("Cannot create the topic " + topic, e.getCause());
      }
    } catch (InterruptedException e) {
      throw interrupted("creating the topic " + topic, e);
    }
  }

  private static KafkaException interrupted(String doing, InterruptedException e) {
    Thread.currentThread().interrupt();
    return new KafkaException("Interrupted while " + doing, e);
  }
}
