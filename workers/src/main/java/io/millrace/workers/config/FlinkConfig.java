package io.millrace.workers.config;

import java.net.URI;
import java.util.List;

/**
 * The stream processor.
 *
 * @param restUrl its REST interface and Web UI
 */
public record FlinkConfig(URI restUrl) {
  private static final String REST_URL = "flink.rest-url";

  static final List<ConfigKey> KEYS =
      List.of(ConfigKey.optional(REST_URL, "http://127.0.0.1:8081", "Flink's REST and Web UI"));

  public FlinkConfig {
    Checks.httpUrl(REST_URL, restUrl);
  }

  public static FlinkConfig from(Settings settings) {
    return new FlinkConfig(settings.uri(REST_URL));
  }
}
