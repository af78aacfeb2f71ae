package io.millrace.workers.config;

import java.net.URI;
import java.util.List;

/**
 * The experiment tracker and model registry.
 *
 * @param trackingUri its address
 */
public record MlflowConfig(URI trackingUri) {
  private static final String TRACKING_URI = "mlflow.tracking-uri";

  static final List<ConfigKey> KEYS =
      List.of(
          ConfigKey.optional(
              TRACKING_URI, "http://127.0.0.1:5001", "experiment tracking and model registry"));

  public MlflowConfig {
    Checks.httpUrl(TRACKING_URI, trackingUri);
  }

  public static MlflowConfig from(Settings settings) {
    return new MlflowConfig(settings.uri(TRACKING_URI));
  }
}
