package io.millrace.stack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StackConfigTest {
  @TempDir Path home;

  @Test
  void hasTheDocumentedPorts() {
    StackConfig config = StackConfig.of(Map.of(), environment());

    assertThat(config.port(Port.TEMPORAL)).isEqualTo(7233);
    assertThat(config.port(Port.TEMPORAL_UI)).isEqualTo(8233);
    assertThat(config.port(Port.POSTGRES)).isEqualTo(5432);
    assertThat(config.port(Port.KAFKA)).isEqualTo(9092);
    assertThat(config.port(Port.S3)).isEqualTo(9000);
    assertThat(config.port(Port.REDIS)).isEqualTo(6379);
    assertThat(config.port(Port.MLFLOW)).isEqualTo(5001);
    assertThat(config.port(Port.FLINK)).isEqualTo(8081);
    assertThat(config.s3Server()).isEqualTo(S3Server.SEAWEEDFS);
    assertThat(config.durability()).isEqualTo(Durability.DURABLE);
    assertThat(config.state()).isEqualTo(home.resolve(".millrace"));
  }

  @Test
  void theEnvironmentGoesBeforeTheSettings() {
    Map<String, String> environment = environment();
    environment.put("MILLRACE_KAFKA_PORT", "19092");
    environment.put("MILLRACE_S3", "minio");

    StackConfig config =
        StackConfig.of(
            Map.of("ports.kafka", "29092", "ports.temporal-ui", "18233", "stack.s3", "seaweedfs"),
            environment);

    assertThat(config.port(Port.KAFKA)).isEqualTo(19092);
    assertThat(config.port(Port.TEMPORAL_UI)).isEqualTo(18233);
    assertThat(config.s3Server()).isEqualTo(S3Server.MINIO);
  }

  @Test
  void dataLieWhereTheCommandsLookForThem() {
    Map<String, String> environment = environment();
    assertThat(StackConfig.of(Map.of(), environment).state()).isEqualTo(home.resolve(".millrace"));
    environment.put("MILLRACE_DATA", home.resolve("elsewhere").toString());
    assertThat(StackConfig.of(Map.of(), environment).state()).isEqualTo(home.resolve("elsewhere"));
  }

  @Test
  void rejectsWhatCannotBe() {
    assertThatThrownBy(() -> StackConfig.of(Map.of("ports.kafka", "many"), environment()))
        .isInstanceOf(StackException.class)
        .hasMessageContaining("ports.kafka is \"many\"");
    assertThatThrownBy(() -> StackConfig.of(Map.of("ports.kafka", "70000"), environment()))
        .hasMessageContaining("ports.kafka is 70000");
    assertThatThrownBy(() -> StackConfig.of(Map.of("ports.kafka", "6379"), environment()))
        .hasMessageContaining("ports.kafka and ports.redis are both 6379");
    assertThatThrownBy(() -> StackConfig.of(Map.of("stack.s3", "ceph"), environment()))
        .hasMessageContaining("stack.s3 is \"ceph\"");
  }

  @Test
  void refusesADiskThatIsTooFull() {
    assertThatThrownBy(() -> Preconditions.requireSpace(home, Long.MAX_VALUE))
        .isInstanceOf(StackException.class)
        .hasMessageContaining(home.toString())
        .hasMessageContaining("MILLRACE_HOME or MILLRACE_CACHE");
  }

  private Map<String, String> environment() {
    return new java.util.HashMap<>(Map.of("MILLRACE_HOME", home.toString()));
  }
}
