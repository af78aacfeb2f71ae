package io.millrace.workers.config;

import java.util.List;

/**
 * Where a worker shows its metrics.
 *
 * @param host the address that it listens on
 * @param port 0 = it does not
 */
public record MetricsConfig(String host, int port) {
  private static final String HOST = "metrics.host";
  private static final String PORT = "metrics.port";

  static final List<ConfigKey> KEYS =
      List.of(
          ConfigKey.optional(HOST, "127.0.0.1", "address of a worker's metrics; 0.0.0.0 for all"),
          ConfigKey.optional(PORT, "0", "port of a worker's /metrics for Prometheus; 0: none"));

  public MetricsConfig {
    Checks.notBlank(HOST, host);
    Checks.between(PORT, port, 0, 65_535);
  }

  public static MetricsConfig from(Settings settings) {
    return new MetricsConfig(settings.text(HOST), settings.integer(PORT));
  }

  /** What Prometheus scrapes. */
  public String url() {
    return "http://%s:%d/metrics".formatted(host.equals("0.0.0.0") ? "127.0.0.1" : host, port);
  }
}
