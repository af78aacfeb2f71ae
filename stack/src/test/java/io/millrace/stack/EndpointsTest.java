package io.millrace.stack;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EndpointsTest {
  @TempDir Path home;

  @Test
  void keepsTheSameCredentialsForTheSameState() throws IOException {
    Path file = home.resolve("credentials.properties");

    Credentials first = Credentials.in(file);
    Credentials second = Credentials.in(file);
    Credentials other = Credentials.in(home.resolve("other.properties"));

    assertThat(second).isEqualTo(first).isNotEqualTo(other);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
  }

  @Test
  void drawsWhatAnOlderFileLacksAndKeepsTheRest() throws IOException {
    Path file = home.resolve("credentials.properties");
    Files.writeString(file, "postgres.password=kept\n");

    Credentials credentials = Credentials.in(file);

    assertThat(credentials.postgresPassword()).isEqualTo("kept");
    assertThat(credentials.cdcPassword()).hasSize(32);
    assertThat(Credentials.in(file)).isEqualTo(credentials);
  }

  @Test
  void masksSecretsInItsText() {
    Credentials credentials = Credentials.in(home.resolve("credentials.properties"));
    Endpoints endpoints = endpoints(credentials);

    assertThat(endpoints.toString() + credentials)
        .doesNotContain(credentials.postgresPassword())
        .doesNotContain(credentials.s3SecretKey())
        .doesNotContain(credentials.redisPassword())
        .doesNotContain(credentials.cdcPassword())
        .doesNotContain(credentials.flinkToken())
        .doesNotContain(credentials.connectToken());
  }

  @Test
  void tellsWorkersAllTheyNeed() {
    Credentials credentials = Credentials.in(home.resolve("credentials.properties"));

    assertThat(endpoints(credentials).toProperties())
        .containsOnlyKeys(
            "temporal.target",
            "temporal.namespace",
            "temporal.ui-url",
            "payloads.codec-port",
            "metrics.port",
            "postgres.jdbc-url",
            "postgres.user",
            "postgres.password",
            "kafka.bootstrap-servers",
            "s3.endpoint",
            "s3.region",
            "s3.access-key",
            "s3.secret-key",
            "redis.uri",
            "mlflow.tracking-uri",
            "cdc.connect-url",
            "cdc.jdbc-url",
            "cdc.user",
            "cdc.password",
            "cdc.connect-token",
            "flink.rest-url",
            "flink.jar",
            "flink.rest-token")
        .containsEntry("metrics.port", "9464")
        .containsEntry("postgres.jdbc-url", "jdbc:postgresql://127.0.0.1:5432/millrace")
        .containsEntry("redis.uri", "redis://:" + credentials.redisPassword() + "@127.0.0.1:6379");
  }

  private Endpoints endpoints(Credentials credentials) {
    StackConfig config = StackConfig.of(Map.of(), Map.of("MILLRACE_HOME", home.toString()));
    return Endpoints.of(config, credentials);
  }
}
