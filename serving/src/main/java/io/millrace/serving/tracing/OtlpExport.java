package io.millrace.serving.tracing;

import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.autoconfigure.AutoConfiguredOpenTelemetrySdk;
import io.opentelemetry.sdk.autoconfigure.spi.ConfigProperties;
import io.opentelemetry.sdk.autoconfigure.spi.ConfigurationException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** OpenTelemetry's SDK with a bounded queue of spans and a thread that sends them. */
final class OtlpExport implements AutoCloseable {
  /** How long a closing server waits for the last spans to be sent. */
  static final Duration FLUSH = Duration.ofSeconds(3);

  private static final String PROTOCOL = "otel.exporter.otlp.protocol";
  private static final String TRACES_PROTOCOL = "otel.exporter.otlp.traces.protocol";
  private static final String HTTP = "http/protobuf";

  /** What holds if nobody says otherwise; paths are as long as clients make them. */
  private static final Map<String, String> DEFAULTS =
      Map.of(PROTOCOL, HTTP, "otel.attribute.value.length.limit", "1024");

  private final OpenTelemetrySdk sdk;

  private OtlpExport(OpenTelemetrySdk sdk) {
    this.sdk = sdk;
  }

  /**
   * Starts the thread; does not need the collector.
   *
   * @throws IllegalArgumentException naming the setting that cannot be used
   */
  static OtlpExport start(Map<String, String> settings) {
    SdkLog.install();
    try {
      return new OtlpExport(
          AutoConfiguredOpenTelemetrySdk.builder()
              .disableShutdownHook() // whoever closes us does so after the last request
              .addPropertiesSupplier(() -> DEFAULTS)
              .addPropertiesCustomizer(found -> forced(found, settings))
              .build()
              .getOpenTelemetrySdk());
    } catch (ConfigurationException e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    }
  }

  private static Map<String, String> forced(
      ConfigProperties environment, Map<String, String> settings) {
    String general = settings.getOrDefault(PROTOCOL, environment.getString(PROTOCOL, HTTP));
    String protocol =
        settings.getOrDefault(TRACES_PROTOCOL, environment.getString(TRACES_PROTOCOL, general));
    if (!protocol.equals(HTTP)) {
      throw new ConfigurationException(
          "%s must be %s, but is '%s': name the collector's port for HTTP, which is mostly 4318"
              .formatted(PROTOCOL, HTTP, protocol));
    }
    Map<String, String> forced = new HashMap<>(settings);
    // Metrics are scraped, and logs are written to the standard output.
    forced.put("otel.metrics.exporter", "none");
    forced.put("otel.logs.exporter", "none");
    return forced;
  }

  OpenTelemetry telemetry() {
    return sdk;
  }

  @Override
  public void close() {
    var unused = sdk.shutdown().join(FLUSH.toNanos(), TimeUnit.NANOSECONDS);
  }
}
