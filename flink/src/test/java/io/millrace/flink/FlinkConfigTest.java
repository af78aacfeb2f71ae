package io.millrace.flink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.core.alerts.AlertRules;
import io.millrace.flink.features.FeaturesConfig;
import io.millrace.flink.sales.SalesConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FlinkConfigTest {
  private static final String NEEDED =
      """
      kafka.bootstrap-servers=127.0.0.1:9092
      s3.endpoint=http://127.0.0.1:9000
      s3.access-key=key
      s3.secret-key=hidden
      redis.uri=redis://:hidden@127.0.0.1:6379
      postgres.jdbc-url=jdbc:postgresql://127.0.0.1/millrace
      postgres.user=millrace
      postgres.password=hidden
      """;

  @TempDir Path folder;

  @Test
  void hasDefaults() {
    FlinkConfig config = load(NEEDED);

    assertThat(config.restPort()).isEqualTo(8081);
    assertThat(config.metricsPort()).isEqualTo(9249);
    assertThat(config.replaceTimeout()).isEqualTo(Duration.ofMinutes(5));
    assertThat(config.slots()).isEqualTo(10);
    assertThat(config.parallelism()).isEqualTo(2);
    assertThat(config.jobs()).containsExactly("validation", "lake", "features", "alerts", "sales");
    assertThat(config.checkpointInterval()).isEqualTo(Duration.ofMillis(500));
    assertThat(config.lakeCheckpointInterval()).isEqualTo(Duration.ofSeconds(10));
    assertThat(config.idleCheckpointInterval()).isEqualTo(Duration.ofSeconds(20));
    assertThat(config.topicPartitions()).isEqualTo(4);
    assertThat(config.startTimeout()).isEqualTo(Duration.ofMinutes(2));
    assertThat(config.s3().region()).isEqualTo("us-east-1");
    assertThat(config.features())
        .isEqualTo(
            new FeaturesConfig(
                "redis://:hidden@127.0.0.1:6379",
                Duration.ofDays(1),
                Duration.ofDays(1),
                Duration.ofSeconds(5)));
    assertThat(config.sales())
        .isEqualTo(
            new SalesConfig(
                "jdbc:postgresql://127.0.0.1/millrace",
                "millrace",
                "hidden",
                Duration.ofSeconds(5)));
    assertThat(config.inputs().discovery()).isEqualTo(Duration.ofSeconds(30));
    assertThat(config.inputs().lateness()).isEqualTo(Duration.ofMinutes(10));
    assertThat(config.alerts()).isEqualTo(AlertRules.STANDARD);
    assertThat(Topics.RAW).matches(config.inputs().topics());
    assertThat(Topics.RAW + ".shop2").matches(config.inputs().topics());
    assertThat(Topics.CDC).matches(config.inputs().topics());
  }

  @Test
  void readsEverySetting() {
    FlinkConfig config =
        load(
            NEEDED
                + """
                s3.region=eu
                flink.rest-url=http://127.0.0.1:1
                flink.rest-port=1
                flink.metrics-port=2
                flink.replace-timeout=3s
                flink.slots=8
                flink.work-dir=/somewhere
                flink.jobs=lake
                flink.checkpoint-interval=500ms
                flink.lake-checkpoint-interval=1m
                flink.idle-checkpoint-interval=40s
                flink.topic-partitions=12
                flink.start-timeout=10s
                flink.validation-topics=raw
                flink.topic-discovery-interval=1s
                flink.lateness=0s
                cdc.unavailable-value=n/a
                flink.alert-window=10s
                flink.alert-least=5
                flink.alert-factor=2
                flink.alert-cooldown=30s
                temporal.target=127.0.0.1:7233
                """);

    assertThat(config)
        .isEqualTo(
            new FlinkConfig(
                "127.0.0.1:9092",
                new FlinkConfig.S3("http://127.0.0.1:9000", "eu", "key", "hidden"),
                1,
                new FlinkConfig.Token(""),
                2,
                Duration.ofSeconds(3),
                8,
                Path.of("/somewhere"),
                java.util.List.of("lake"),
                Duration.ofMillis(500),
                Duration.ofMinutes(1),
                Duration.ofSeconds(40),
                12,
                Duration.ofSeconds(10),
                null,
                null,
                new FlinkConfig.Inputs("raw", Duration.ofSeconds(1), Duration.ZERO, "n/a"),
                new AlertRules(Duration.ofSeconds(10), 5, 2, Duration.ofSeconds(30))));
    assertThat(config.parallelism()).isEqualTo(8);
  }

  @Test
  void letsTheEnvironmentWinAndHidesTheSecret() throws IOException {
    Path file = Files.writeString(folder.resolve("flink.properties"), NEEDED);

    FlinkConfig config = FlinkConfig.load(file, Map.of("FLINK_REST_PORT", "81"));

    assertThat(config.restPort()).isEqualTo(81);
    assertThat(config.toString()).doesNotContain("hidden");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          flink.rest-port=http       | flink.rest-port is http, but must be a whole number from 1
          flink.slots=0              | flink.slots is 0, but must be a whole number from 1 to 256
          flink.jobs=validation,late | flink.jobs is validation,late, but must be one or more of
          flink.checkpoint-interval=3| flink.checkpoint-interval is 3, but must be a duration
          flink.lake-checkpoint=3s   | did you mean flink.lake-checkpoint-interval?
          flink.validation-topics=tr.*| our own output, as tracking.user_behavior.alerts
          flink.validation-topics=(   | must be a regular expression
          flink.start-timeout=soon   | flink.start-timeout is soon, but must be a duration
          s3.endpoint=localhost:9000 | s3.endpoint is localhost:9000, but must be an address
          s3.secret-key=             | or set S3_SECRET_KEY
          redis.uri=                 | or set REDIS_URI
          features.online-ttl=0s     | features.online-ttl is 0s, but must be a duration
          """)
  void saysInASentenceWhatIsWrong(String line, String message) {
    assertThatThrownBy(() -> load(NEEDED + line.strip() + "\n"))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining(message.strip());
  }

  @Test
  void namesAFileThatIsNotThere() {
    assertThatThrownBy(() -> FlinkConfig.load(folder.resolve("none"), Map.of()))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("none")
        .hasMessageContaining("--config");
  }

  private FlinkConfig load(String text) {
    try {
      Path file = Files.writeString(folder.resolve("flink.properties"), text);
      return FlinkConfig.load(file, Map.of());
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
