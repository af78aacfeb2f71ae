package io.millrace.flink;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.TopicPartitionInfo;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Creates topics that are missing, and lets those that we write take our largest messages. */
final class KafkaTopics {
  private static final Logger log = LoggerFactory.getLogger(KafkaTopics.class);
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final Duration PAUSE = Duration.ofMillis(20);
  private static final Duration MAX_TRANSACTION = Duration.ofDays(1);
  private static final String LARGEST = String.valueOf(KafkaConnectors.MAX_MESSAGE_BYTES);
  private static final short REPLICATION = 1;
  private static final Set<String> LARGE =
      Set.of(Topics.VALIDATED, Topics.INVALID, Topics.FEATURES_READY);

  private final Admin admin;

  private KafkaTopics(Admin admin) {
    this.admin = admin;
  }

  /**
   * Makes sure that the topics are there and take messages.
   *
   * @return the longest transaction timeout that the broker grants, at most a day
   */
  static Duration ensure(String bootstrapServers, List<String> topics, int partitions)
      throws ExecutionException, InterruptedException {
    Map<String, Object> settings =
        Map.of(
            AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers,
            AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, 5_000,
            AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, 10_000);
    try (Admin admin = Admin.create(settings)) {
      KafkaTopics kafka = new KafkaTopics(admin);
      Set<String> present = admin.listTopics().names().get();
      kafka.create(topics.stream().filter(t -> !present.contains(t)).toList(), partitions);
      kafka.awaitLeaders(topics);
      kafka.allowLargeMessages(
          topics.stream().filter(t -> LARGE.contains(t) && present.contains(t)).toList());
      return kafka.longestTransaction();
    }
  }

  private void create(List<String> topics, int partitions)
      throws ExecutionException, InterruptedException {
    for (String topic : topics) {
      Map<String, String> configs =
          LARGE.contains(topic) ? Map.of(TopicConfig.MAX_MESSAGE_BYTES_CONFIG, LARGEST) : Map.of();
      NewTopic wanted = new NewTopic(topic, partitions, REPLICATION).configs(configs);
      try {
        admin.createTopics(List.of(wanted)).all().get();
        log.info("Created topic {} with {} partitions", topic, partitions);
      } catch (ExecutionException e) {
        if (!(e.getCause() instanceof TopicExistsException)) {
          throw e;
        }
      }
    }
  }

  /**
   * Waits until the leader of every partition answers. A broker knows of a new topic before it has
   * opened it: then it turns a producer's first batch away, may take its second, and after that the
   * first never fits (KAFKA-15591).
   */
  private void awaitLeaders(List<String> topics) throws ExecutionException, InterruptedException {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (true) {
      try {
        askLeaders(topics);
        return;
      } catch (ExecutionException e) {
        if (!(e.getCause() instanceof RetriableException) || System.nanoTime() > deadline) {
          throw e;
        }
      }
      Thread.sleep(PAUSE.toMillis());
    }
  }

  private void askLeaders(List<String> topics) throws ExecutionException, InterruptedException {
    Map<TopicPartition, OffsetSpec> newest = new HashMap<>();
    for (TopicDescription topic : admin.describeTopics(topics).allTopicNames().get().values()) {
      for (TopicPartitionInfo partition : topic.partitions()) {
        newest.put(new TopicPartition(topic.name(), partition.partition()), OffsetSpec.latest());
      }
    }
    admin.listOffsets(newest).all().get();
  }

  /** For topics that others created. */
  private void allowLargeMessages(Collection<String> topics)
      throws ExecutionException, InterruptedException {
    List<ConfigResource> resources =
        topics.stream().map(topic -> new ConfigResource(ConfigResource.Type.TOPIC, topic)).toList();
    Map<ConfigResource, Collection<AlterConfigOp>> changes =
        admin.describeConfigs(resources).all().get().entrySet().stream()
            .filter(e -> maxMessageBytes(e.getValue()) < KafkaConnectors.MAX_MESSAGE_BYTES)
            .collect(Collectors.toMap(Map.Entry::getKey, e -> List.of(raiseMaxMessageBytes())));
    admin.incrementalAlterConfigs(changes).all().get();
  }

  private static long maxMessageBytes(Config config) {
    return Long.parseLong(config.get(TopicConfig.MAX_MESSAGE_BYTES_CONFIG).value());
  }

  private static AlterConfigOp raiseMaxMessageBytes() {
    return new AlterConfigOp(
        new ConfigEntry(TopicConfig.MAX_MESSAGE_BYTES_CONFIG, LARGEST), AlterConfigOp.OpType.SET);
  }

  private Duration longestTransaction() throws ExecutionException, InterruptedException {
    List<ConfigResource> brokers = new ArrayList<>();
    for (Node node : admin.describeCluster().nodes().get()) {
      brokers.add(new ConfigResource(ConfigResource.Type.BROKER, node.idString()));
    }
    long millis = MAX_TRANSACTION.toMillis();
    for (Config broker : admin.describeConfigs(brokers).all().get().values()) {
      ConfigEntry limit = broker.get("transaction.max.timeout.ms");
      if (limit != null) {
        millis = Math.min(millis, Long.parseLong(limit.value()));
      }
    }
    return Duration.ofMillis(millis);
  }
}
