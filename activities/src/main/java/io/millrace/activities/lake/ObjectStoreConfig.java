package io.millrace.activities.lake;

import java.net.URI;
import java.time.Duration;

/**
 * How to reach the S3 store.
 *
 * @param endpoint for example {@code http://127.0.0.1:9000}
 * @param region S3 region
 * @param accessKey access key
 * @param secretKey secret key; never logged
 * @param timeout for connecting, and for each read and write
 */
public record ObjectStoreConfig(
    URI endpoint, String region, String accessKey, String secretKey, Duration timeout) {
  public static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(30);

  /**
   * Checks what can be checked without the store.
   *
   * @throws IllegalArgumentException naming the key that is wrong
   */
  public ObjectStoreConfig {
    if (endpoint.getHost() == null
        || !"http,https".contains(String.valueOf(endpoint.getScheme()))) {
      throw new IllegalArgumentException(
          "s3.endpoint must be an http or https address with a host, but is " + endpoint);
    }
    if (accessKey.isBlank() || secretKey.isBlank()) {
      throw new IllegalArgumentException("s3.access-key and s3.secret-key must not be empty");
    }
    if (timeout.isNegative() || timeout.isZero()) {
      throw new IllegalArgumentException("s3.timeout must be positive, but is " + timeout);
    }
  }

  @Override
  public String toString() {
    return "ObjectStoreConfig[endpoint=%s, region=%s, accessKey=***, secretKey=***, timeout=%s]"
        .formatted(endpoint, region, timeout);
  }
}
