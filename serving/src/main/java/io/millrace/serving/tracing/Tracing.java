package io.millrace.serving.tracing;

import io.millrace.serving.features.OnlineFeatures;
import io.millrace.serving.http.RequestListener;
import io.millrace.serving.models.Scoring;
import io.millrace.serving.models.VersionLoader;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.trace.Tracer;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A trace of each request: a span of the whole, and one of each look-up, scoring and loading in it.
 * Its parts are put around the parts of the server, as those of {@link
 * io.millrace.serving.metrics.ServingMetrics} are. One that is off puts nothing around them.
 *
 * <p>Spans leave on a thread of their own. No request waits for them, and what there is no room for
 * is dropped.
 */
public final class Tracing implements AutoCloseable {
  private static final String SCOPE = "io.millrace.serving";

  private final @Nullable OpenTelemetry telemetry;
  private final Runnable close;

  private Tracing(@Nullable OpenTelemetry telemetry, Runnable close) {
    this.telemetry = telemetry;
    this.close = close;
  }

  /** No traces. */
  public static Tracing off() {
    return new Tracing(null, () -> {});
  }

  /** Traces by an OpenTelemetry that is somebody else's to close. */
  public static Tracing by(OpenTelemetry telemetry) {
    return new Tracing(telemetry, () -> {});
  }

  /**
   * Sends traces by OTLP over HTTP, as OpenTelemetry's own settings say; they are taken from the
   * environment as well. The collector may be away at any time.
   *
   * @param settings by their standard names, such as {@code otel.exporter.otlp.endpoint}
   * @throws IllegalArgumentException naming the setting that cannot be used
   */
  public static Tracing exporting(Map<String, String> settings) {
    OtlpExport export = OtlpExport.start(settings);
    return new Tracing(export.telemetry(), export::close);
  }

  /** Around who is told of requests. */
  public RequestListener requests(RequestListener next) {
    return telemetry == null
        ? next
        : new RequestSpans(tracer(telemetry), telemetry.getPropagators(), next);
  }

  /** Around the online store. */
  public OnlineFeatures features(OnlineFeatures next) {
    return telemetry == null ? next : ChildSpans.features(tracer(telemetry), next);
  }

  /** Around the scoring, of shadows too. */
  public Scoring scoring(Scoring next) {
    return telemetry == null ? next : ChildSpans.scoring(tracer(telemetry), next);
  }

  /** Around the loading of versions. */
  public VersionLoader loads(VersionLoader next) {
    return telemetry == null ? next : ChildSpans.loads(tracer(telemetry), next);
  }

  private static Tracer tracer(OpenTelemetry telemetry) {
    return telemetry.getTracer(SCOPE);
  }

  /** Sends what waits, for at most {@link OtlpExport#FLUSH}. */
  @Override
  public void close() {
    close.run();
  }
}
