package io.millrace.workers.config;

import io.minio.MinioClient;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

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

  /** The store, if there is a key for it. */
  public static Optional<S3Config> find(Settings settings) {
    return settings.find(ACCESS_KEY).isPresent() && settings.find(SECRET_KEY).isPresent()
        ? Optional.of(from(settings))
        : Optional.empty();
  }

  public static S3Config from(Settings settings) {
    return new S3Config(
        settings.uri(ENDPOINT),
        settings.text(REGION),
        settings.text(ACCESS_KEY),
        settings.secret(SECRET_KEY));
  }

  /** A client of the store, which connects when it is used. */
  public MinioClient client(Duration timeout) {
    MinioClient client =
        MinioClient.builder()
            .endpoint(endpoint.toString())
            .region(region)
            .credentials(accessKey, secretKey.value())
            .build();
    client.setTimeout(timeout.toMillis(), timeout.toMillis(), timeout.toMillis());
    return client;
  }
}
