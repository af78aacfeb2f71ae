package io.millrace.workers.config;

import java.net.URI;
import java.nio.file.Path;
import java.util.List;

/**
 * The stream processor.
 *
 * @param restUrl its REST interface and Web UI
 * @param jar what a deployment submits unless it is told another
 */
public record FlinkConfig(URI restUrl, Path jar) {
  private static final String REST_URL = "flink.rest-url";

  private static final String JAR = "flink.jar";

  static final List<ConfigKey> KEYS =
      List.of(
          ConfigKey.optional(REST_URL, "http://127.0.0.1:8081", "Flink's REST and Web UI"),
          ConfigKey.optional(
              JAR, "flink/target/millrace-flink.jar", "this build's jobs, for flink_deploy"));

  public FlinkConfig {
    Checks.httpUrl(REST_URL, restUrl);
  }

  public static FlinkConfig from(Settings settings) {
    return new FlinkConfig(settings.uri(REST_URL), Path.of(settings.text(JAR)));
  }
}
