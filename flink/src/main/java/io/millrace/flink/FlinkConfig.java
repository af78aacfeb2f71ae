package io.millrace.flink;

import io.millrace.core.alerts.AlertRules;
import io.millrace.core.events.UnavailableValue;
import io.millrace.flink.features.FeaturesConfig;
import io.millrace.flink.features.FeaturesJob;
import io.millrace.flink.sales.SalesConfig;
import io.millrace.flink.sales.SalesJob;
import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Settings of the process, from a properties file; an environment variable such as {@code
 * FLINK_REST_PORT} wins over the file.
 *
 * @param kafkaBootstrapServers {@code kafka.bootstrap-servers}
 * @param s3 {@code s3.endpoint}, {@code s3.region}, {@code s3.access-key}, {@code s3.secret-key}
 * @param restPort {@code flink.rest-port} of the Web UI and REST API
 * @param restToken {@code flink.rest-token} that requests over REST must carry which change
 *     anything; empty: none
 * @param metricsPort {@code flink.metrics-port} of {@code /metrics} for Prometheus; 0: none
 * @param replaceTimeout {@code flink.replace-timeout}: a job that was stopped must be replaced
 *     within it
 * @param slots {@code flink.slots}, shared evenly by the jobs
 * @param workDir {@code flink.work-dir} for temporary files
 * @param jobs {@code flink.jobs}, by name
 * @param checkpointInterval {@code flink.checkpoint-interval}: how often validated messages appear
 * @param lakeCheckpointInterval {@code flink.lake-checkpoint-interval}: how often objects appear
 * @param idleCheckpointInterval {@code flink.idle-checkpoint-interval}: how often a job with one
 *     source stores a checkpoint while it reads nothing; never sooner than its own interval
 * @param topicPartitions {@code flink.topic-partitions} of topics that are missing
 * @param startTimeout {@code flink.start-timeout}: how long to wait for Kafka and the object store
 * @param features settings of the job of this name; null if it does not run
 * @param sales the same
 * @param inputs what the validation reads
 * @param alerts {@code flink.alert-window}, {@code flink.alert-least}, {@code flink.alert-factor},
 *     {@code flink.alert-cooldown}
 */
public record FlinkConfig(
    String kafkaBootstrapServers,
    S3 s3,
    int restPort,
    Token restToken,
    int metricsPort,
    Duration replaceTimeout,
    int slots,
    Path workDir,
    List<String> jobs,
    Duration checkpointInterval,
    Duration lakeCheckpointInterval,
    Duration idleCheckpointInterval,
    int topicPartitions,
    Duration startTimeout,
    @Nullable FeaturesConfig features,
    @Nullable SalesConfig sales,
    Inputs inputs,
    AlertRules alerts) {

  private static final String JOBS = "flink.jobs";

  /**
   * What the validation reads.
   *
   * @param topics {@code flink.validation-topics}: a regular expression for whole names
   * @param discovery {@code flink.topic-discovery-interval}: how soon a new topic or partition of
   *     any job is found
   * @param lateness {@code flink.lateness}: by how much an event may lie behind its partition's
   *     newest before it counts as late
   * @param unavailable {@code cdc.unavailable-value}: Debezium's placeholder for a value that it
   *     does not know, which is no value
   */
  public record Inputs(String topics, Duration discovery, Duration lateness, String unavailable) {
    /** With Debezium's own placeholder. */
    public Inputs(String topics, Duration discovery, Duration lateness) {
      this(topics, discovery, lateness, UnavailableValue.STANDARD.text());
    }
  }

  /** A secret. Its text form hides it. */
  public record Token(String value) {
    @Override
    public String toString() {
      return "***";
    }
  }

  /** The object store. Its text form hides the secret. */
  public record S3(String endpoint, String region, String accessKey, String secretKey) {
    @Override
    public String toString() {
      return "S3[endpoint=" + endpoint + ", region=" + region + ", accessKey=" + accessKey + "]";
    }
  }

  /** Copies the list. */
  public FlinkConfig {
    jobs = List.copyOf(jobs);
  }

  /**
   * Reads and checks all settings.
   *
   * @throws ConfigException naming key, value and remedy
   */
  public static FlinkConfig load(Path file, Map<String, String> environment) {
    return of(new Settings(read(file), environment, file.toString()));
  }

  /**
   * Reads and checks the settings of one job, which the environment alone may hold.
   *
   * @throws ConfigException naming key, value and remedy
   */
  static FlinkConfig ofJob(String job, @Nullable Path file, Map<String, String> environment) {
    Map<String, String> values = new HashMap<>(file == null ? Map.of() : read(file));
    values.put(JOBS, job);
    Map<String, String> others = new HashMap<>(environment);
    others.remove(Settings.variable(JOBS));
    String origin = file == null ? "the environment of Flink's JobManager" : file.toString();
    return of(new Settings(values, others, origin));
  }

  private static Map<String, String> read(Path file) {
    Properties properties = new Properties();
    try (Reader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
      properties.load(reader);
    } catch (IOException | IllegalArgumentException e) {
      throw new ConfigException(
          "Cannot read the settings in %s (%s): name a readable properties file with --config"
              .formatted(file, e),
          e);
    }
    return properties.stringPropertyNames().stream()
        .collect(Collectors.toMap(key -> key, properties::getProperty));
  }

  private static FlinkConfig of(Settings settings) {
    settings.refuseUnknown();
    List<String> jobs = settings.oneOrMore(JOBS, Jobs.ALL);
    return new FlinkConfig(
        settings.text("kafka.bootstrap-servers"),
        new S3(
            settings.url("s3.endpoint"),
            settings.text("s3.region"),
            settings.text("s3.access-key"),
            settings.text("s3.secret-key")),
        settings.number("flink.rest-port", 1, 65_535),
        new Token(settings.textOrEmpty("flink.rest-token")),
        settings.number("flink.metrics-port", 0, 65_535),
        settings.duration("flink.replace-timeout", Duration.ofSeconds(1)),
        settings.number("flink.slots", 1, 256),
        Path.of(settings.text("flink.work-dir")).toAbsolutePath().normalize(),
        jobs,
        settings.duration("flink.checkpoint-interval", Duration.ofMillis(100)),
        settings.duration("flink.lake-checkpoint-interval", Duration.ofMillis(100)),
        settings.duration("flink.idle-checkpoint-interval", Duration.ofMillis(100)),
        settings.number("flink.topic-partitions", 1, 10_000),
        settings.duration("flink.start-timeout", Duration.ofSeconds(1)),
        jobs.contains(FeaturesJob.NAME) ? features(settings) : null,
        jobs.contains(SalesJob.NAME) ? sales(settings) : null,
        new Inputs(
            settings.topicPattern("flink.validation-topics", Topics.OURS),
            settings.duration("flink.topic-discovery-interval", Duration.ofMillis(100)),
            settings.duration("flink.lateness", Duration.ZERO),
            settings.text("cdc.unavailable-value")),
        new AlertRules(
            settings.duration("flink.alert-window", Duration.ofSeconds(1)),
            settings.number("flink.alert-least", 1, 1_000_000_000),
            settings.number("flink.alert-factor", 1, 1_000),
            settings.duration("flink.alert-cooldown", Duration.ZERO)));
  }

  private static SalesConfig sales(Settings settings) {
    return new SalesConfig(
        settings.text("postgres.jdbc-url"),
        settings.text("postgres.user"),
        settings.text("postgres.password"),
        settings.duration("flink.sales-checkpoint-interval", Duration.ofMillis(100)));
  }

  private static FeaturesConfig features(Settings settings) {
    return new FeaturesConfig(
        settings.text("redis.uri"),
        settings.duration("features.online-ttl", Duration.ofSeconds(1)),
        settings.duration("flink.session-ttl", Duration.ofSeconds(1)),
        settings.duration("flink.features-checkpoint-interval", Duration.ofMillis(100)));
  }

  /** Slots that each job gets, at least one. */
  public int parallelism() {
    return Math.max(1, slots / jobs.size());
  }
}
