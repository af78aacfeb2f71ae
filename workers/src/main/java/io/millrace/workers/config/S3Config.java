package io.millrace.workers.config;

import java.net.URI;
import java.util.List;

/**
 * The object store that holds the lake, checkpoints and artifacts.
 *
 * @param endpoint its S3 address
 * @param region its region; most self-hosted stores ignore it
 * @param accessKey who signs requests
 * @param secretKey what signs them
 */
public record S3Config(URI endpoint, String region, String accessKey, Secret secretKey) {
  private static final String ENDPOINT = "s3.endpoint";
  private static final String REGION = "s3.region";
  private static final String ACCESS_KEY = "s3.access-key";
  private static final String SECRET_KEY = "s3.secret-key";

  static final List<ConfigKey> KEYS =
      List.of(
          ConfigKey.optional(ENDPOINT, "http://127.0.0.1:9000", "the S3 store"),
          ConfigKey.optional(REGION, "us-east-1", "its region"),
          ConfigKey.required(ACCESS_KEY, "S3 access key"),
          ConfigKey.secret(SECRET_KEY, "S3 secret key"));

  public S3Config {
    Checks.httpUrl(ENDPOINT, endpoint);
    Checks.notBlank(REGION, region);
    Checks.notBlank(ACCESS_KEY, accessKey);
  }

  public static S3Config from(Settings settings) {
    return new S3Config(
        settings.uri(ENDPOINT),
        settings.text(REGION),
        settings.text(ACCESS_KEY),
        settings.secret(SECRET_KEY));
  }
}
