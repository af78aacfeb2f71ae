package io.millrace.activities.registry;

import java.net.URI;
import java.time.Duration;

/**
 * Where MLflow is.
 *
 * @param trackingUri base URL of the server
 * @param timeout the longest one request may take
 */
public record MlflowConfig(URI trackingUri, Duration timeout) {
  public MlflowConfig {
    String scheme = trackingUri.getScheme();
    if (scheme == null || !scheme.startsWith("http")) {
      throw new IllegalArgumentException(
          "mlflow.tracking-uri must be an http(s) URL and is '" + trackingUri + "'");
    }
    if (timeout.isZero() || timeout.isNegative()) {
      throw new IllegalArgumentException("The MLflow timeout must be positive, not " + timeout);
    }
    String text = trackingUri.toString();
    trackingUri =
        text.endsWith("/") ? URI.create(text.substring(0, text.length() - 1)) : trackingUri;
  }

  /** A server with the usual timeout of 20 s. */
  public static MlflowConfig of(String trackingUri) {
    return new MlflowConfig(URI.create(trackingUri), Duration.ofSeconds(20));
  }
}
