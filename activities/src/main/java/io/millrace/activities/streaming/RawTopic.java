package io.millrace.activities.streaming;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.TopicExistsException;

/** The topic that producers write to. */
public final class RawTopic {
  /** Its name. */
  public static final String NAME = "tracking.raw_user_behavior";

  private static final int TIMEOUT_MILLIS = 10_000;

  private RawTopic() {}

  /**
   * Creates the topic if it is missing; one that exists stays as it is.
   *
   * @throws KafkaException if Kafka does not answer within 10 seconds or refuses
   */
  public static void ensureExists(String bootstrapServers, int partitions) {
    Map<String, Object> settings =
        Map.of(
            AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers,
            AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, TIMEOUT_MILLIS,
            AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, TIMEOUT_MILLIS);
    try (Admin admin = Admin.create(settings)) {
      NewTopic topic = new NewTopic(NAME, Optional.of(partitions), Optional.empty());
      admin.createTopics(List.of(topic)).all().get();
    } catch (ExecutionException e) {
      if (!(e.getCause() instanceof TopicExistsException)) {
        throw new KafkaException("Cannot create the topic " + NAME, e.getCause());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new KafkaException("Interrupted while creating the topic " + NAME, e);
    }
  }
}
