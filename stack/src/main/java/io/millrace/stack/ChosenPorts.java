package io.millrace.stack;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the ports that a user has chosen mean to clients. A chosen port holds from the first command
 * on: clients use it before the stack has been started, and after it was moved.
 */
public final class ChosenPorts {
  private ChosenPorts() {}

  /**
   * The settings of clients that follow from the chosen ports; those of ports that nobody chose are
   * left out, as are addresses with a password while there is none.
   *
   * @param state the {@code .millrace} folder, for the passwords; nothing is written there
   * @param settings as {@link StackConfig#of} reads them
   * @param environment as {@link StackConfig#of} reads it
   * @return by the names of {@link Endpoints#toProperties}
   * @throws StackException naming a port that cannot be
   */
  public static Map<String, String> settings(
      Path state, Map<String, String> settings, Map<String, String> environment) {
    List<Port> chosen =
        Arrays.stream(Port.values())
            .filter(port -> !StackConfig.given(port, settings, environment).isEmpty())
            .toList();
    if (chosen.isEmpty()) {
      return Map.of();
    }
    Optional<Credentials> known = Credentials.find(Credentials.file(state));
    Map<String, String> all =
        Endpoints.of(
                StackConfig.of(settings, environment),
                known.orElse(new Credentials("", "", "", "", "", "", "")))
            .toProperties();
    Map<String, String> found = new HashMap<>();
    chosen.stream()
        .flatMap(port -> names(port).stream())
        .filter(name -> known.isPresent() || !name.equals("redis.uri"))
        .forEach(name -> found.put(name, all.getOrDefault(name, "")));
    return found;
  }

  private static List<String> names(Port port) {
    return switch (port) {
      case TEMPORAL -> List.of("temporal.target");
      case TEMPORAL_UI -> List.of("temporal.ui-url");
      case TEMPORAL_CODEC -> List.of("payloads.codec-port");
      case WORKER_METRICS -> List.of("metrics.port");
      case POSTGRES -> List.of("postgres.jdbc-url", "cdc.jdbc-url");
      case KAFKA -> List.of("kafka.bootstrap-servers");
      case S3 -> List.of("s3.endpoint");
      case REDIS -> List.of("redis.uri");
      case MLFLOW -> List.of("mlflow.tracking-uri");
      case CONNECT -> List.of("cdc.connect-url");
      case FLINK -> List.of("flink.rest-url");
      default -> List.of();
    };
  }
}
