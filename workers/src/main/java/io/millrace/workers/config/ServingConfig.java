package io.millrace.workers.config;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;

/**
 * The HTTP server for predictions and features.
 *
 * @param host the address it listens on
 * @param port its port; with several replicas that of the proxy, theirs follow
 * @param models the registered models it serves; empty = all that have an alias {@code champion}
 * @param pollInterval how often it looks at the registry, besides being told
 * @param featuresTimeout how long the online store may take
 */
public record ServingConfig(
    String host, int port, List<String> models, Duration pollInterval, Duration featuresTimeout) {
  private static final String HOST = "serving.host";
  private static final String PORT = "serving.port";
  private static final String MODELS = "serving.models";
  private static final String POLL_INTERVAL = "serving.poll-interval";
  private static final String FEATURES_TIMEOUT = "serving.features-timeout";
  private static final String ALL = "*";

  static final List<ConfigKey> KEYS =
      List.of(
          ConfigKey.optional(HOST, "127.0.0.1", "address of the HTTP server for predictions"),
          ConfigKey.optional(PORT, "8000", "its port; replicas have those that follow"),
          ConfigKey.optional(MODELS, ALL, "models it serves, or * for all with a champion"),
          ConfigKey.optional(POLL_INTERVAL, "10s", "how often it looks at the model registry"),
          ConfigKey.optional(
              FEATURES_TIMEOUT, "250ms", "how long the online store may take for a request"));

  public ServingConfig {
    models = List.copyOf(models);
    Checks.notBlank(HOST, host);
    Checks.between(PORT, port, 0, 65_535);
    Checks.positive(POLL_INTERVAL, pollInterval);
    Checks.positive(FEATURES_TIMEOUT, featuresTimeout);
  }

  public static ServingConfig from(Settings settings) {
    String models = settings.text(MODELS);
    return new ServingConfig(
        settings.text(HOST),
        settings.integer(PORT),
        models.equals(ALL)
            ? List.of()
            : Arrays.stream(models.split(",")).map(String::strip).toList(),
        settings.duration(POLL_INTERVAL),
        settings.duration(FEATURES_TIMEOUT));
  }

  /** Where clients find it. */
  public String url() {
    return "http://%s:%d".formatted(host.equals("0.0.0.0") ? "127.0.0.1" : host, port);
  }
}
