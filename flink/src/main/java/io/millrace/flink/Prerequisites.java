package io.millrace.flink;

import com.amazonaws.services.s3.AmazonS3;
import com.amazonaws.services.s3.model.AmazonS3Exception;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What must be there before a job can start: Kafka, the object store, topics and buckets. */
final class Prerequisites {
  /** Holds the checkpoints of all jobs. */
  static final String CHECKPOINTS = "flink-checkpoints";

  private static final Logger log = LoggerFactory.getLogger(Prerequisites.class);
  private static final Duration PAUSE = Duration.ofSeconds(1);
  private static final Duration REMINDER = Duration.ofSeconds(10);

  private final FlinkConfig config;

  Prerequisites(FlinkConfig config) {
    this.config = config;
  }

  /**
   * Waits for both servers and makes what is missing.
   *
   * @return how Kafka is used: with as long a transaction timeout as the broker grants, at most a
   *     day, because output of a stored checkpoint must outlive our absence
   * @throws ConfigException when a server does not come up in time or refuses us
   */
  KafkaConnectors await(List<String> topics, List<String> buckets) throws InterruptedException {
    String servers = config.kafkaBootstrapServers();
    Duration timeout =
        await(
            "Kafka at kafka.bootstrap-servers=" + servers,
            () -> KafkaTopics.ensure(servers, topics, config.topicPartitions()));
    await(
        "the object store at s3.endpoint=" + config.s3().endpoint(),
        () -> {
          ensureBuckets(buckets);
          return buckets;
        });
    return new KafkaConnectors(servers, timeout, config.inputs().discovery());
  }

  private <T> T await(String what, Callable<T> attempt) throws InterruptedException {
    long deadline = System.nanoTime() + config.startTimeout().toNanos();
    long nextReminder = System.nanoTime();
    while (true) {
      try {
        return attempt.call();
      } catch (ConfigException | InterruptedException e) {
        throw e;
      } catch (Exception e) {
        String reason = e.getMessage() == null ? e.toString() : e.getMessage();
        if (System.nanoTime() > deadline) {
          throw new ConfigException(
              "Gave up waiting for %s after flink.start-timeout=%ds (%s): start it, or correct the setting"
                  .formatted(what, config.startTimeout().toSeconds(), reason),
              e);
        }
        if (System.nanoTime() >= nextReminder) {
          log.info("Waiting for {} ({})", what, reason);
          nextReminder = System.nanoTime() + REMINDER.toNanos();
        }
      }
      Thread.sleep(PAUSE.toMillis());
    }
  }

  private void ensureBuckets(List<String> buckets) {
    AmazonS3 s3 = ObjectStore.client(config.s3());
    try {
      for (String bucket : buckets) {
        if (!s3.doesBucketExistV2(bucket)) {
          s3.createBucket(bucket);
          log.info("Created bucket {}", bucket);
        }
      }
    } catch (AmazonS3Exception e) {
      if (e.getStatusCode() == 403) {
        throw new ConfigException(
            "The object store at s3.endpoint=%s refuses s3.access-key=%s (%s): correct the key, its secret or its rights"
                .formatted(config.s3().endpoint(), config.s3().accessKey(), e.getErrorCode()),
            e);
      }
      if (!"BucketAlreadyOwnedByYou".equals(e.getErrorCode())) {
        throw e;
      }
    } finally {
      s3.shutdown();
    }
  }
}
