package io.millrace.workers.config;

import java.net.URI;
import java.nio.file.Path;
import java.util.List;

/**
 * The stream processor.
 *
 * @param restUrl its REST interface and Web UI
 * @param jar what a deployment submits unless it is told another
 * @param restToken that the local process asks for where something is to change; empty: none
 */
public record FlinkConfig(URI restUrl, Path jar, Secret restToken) {
  private static final String REST_URL = "flink.rest-url";

  private static final String JAR = "flink.jar";

  private static final String REST_TOKEN = "flink.rest-token";

  static final List<ConfigKey> KEYS =
      List.of(
          ConfigKey.optional(REST_URL, "http://127.0.0.1:8081", "Flink's REST and Web UI"),
          ConfigKey.optional(
              JAR, "flink/target/millrace-flink.jar", "this build's jobs, for flink_deploy"),
          ConfigKey.optionalSecret(
              REST_TOKEN, "what Flink's REST asks for where something is to change"));

  /** A Flink that asks for no token. */
  public FlinkConfig(URI restUrl, Path jar) {
    this(restUrl, jar, new Secret(""));
  }

  public FlinkConfig {
    Checks.httpUrl(REST_URL, restUrl);
  }

  public static FlinkConfig from(Settings settings) {
    return new FlinkConfig(
        settings.uri(REST_URL),
        Path.of(settings.text(JAR)),
        new Secret(settings.find(REST_TOKEN).orElse("")));
  }
}
