package io.millrace.serving.tracing;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.core.events.Event;
import io.millrace.core.events.EventType;
import io.millrace.core.features.OnlineKey;
import io.millrace.core.features.OnlineRow;
import io.millrace.serving.FakeModels;
import io.millrace.serving.TestServer;
import io.millrace.serving.http.HttpOptions;
import io.millrace.serving.models.Rollout;
import io.millrace.serving.models.VersionFiles;
import io.millrace.serving.predict.NamedModelRoutes;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.propagation.ContextPropagators;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** A server whose spans stay in memory. */
final class TracedServer implements AutoCloseable {
  static final String SHOP = NamedModelRoutes.PURCHASE;
  static final String IRIS = NamedModelRoutes.IRIS;

  private final InMemorySpanExporter exporter = InMemorySpanExporter.create();
  private final OpenTelemetrySdk sdk =
      OpenTelemetrySdk.builder()
          .setTracerProvider(
              SdkTracerProvider.builder()
                  .addSpanProcessor(SimpleSpanProcessor.create(exporter))
                  .build())
          .setPropagators(ContextPropagators.create(W3CTraceContextPropagator.getInstance()))
          .build();
  final Tracing tracing = Tracing.by(sdk);

  /** The shop's version 9 does not predict its golden batch. */
  final FakeModels models =
      new FakeModels()
          .register(SHOP, "7", 0.25f, 0.75f)
          .register(SHOP, "8", 0.5f, 1)
          .register(SHOP, "9", FakeModels.files(0.5f, 1, "{}"))
          .register(IRIS, "1", iris())
          .register(IRIS, "2", iris())
          .rollOut(SHOP, Rollout.of("7"))
          .rollOut(IRIS, Rollout.of("1"));

  final TestServer server = new TestServer(models, HttpOptions.at("127.0.0.1", 0), tracing);

  private static VersionFiles iris() {
    return FakeModels.numbers(List.of("width", "length"), List.of("no", "yes"), 0.25f, 1);
  }

  /** Lets the online store have features of a user and a product. */
  void know(long user, long product) {
    Instant at = Instant.parse("2019-10-01T00:00:00Z");
    Event event =
        new Event(at, EventType.CART, product, 3L, "apparel.shoes", "apple", 60, user, "session");
    server.rows.put(new OnlineKey(user, product), OnlineRow.of(event, 4));
  }

  /** Those that have ended, in that order. */
  List<SpanData> spans() {
    return exporter.getFinishedSpanItems();
  }

  List<String> names() {
    return spans().stream().map(SpanData::getName).toList();
  }

  SpanData span(String name) {
    return spans().stream()
        .filter(span -> span.getName().equals(name))
        .findFirst()
        .orElseThrow(() -> new AssertionError(name + " is not in " + names()));
  }

  void forget() {
    exporter.reset();
  }

  static Map<String, String> attributes(SpanData span) {
    return span.getAttributes().asMap().entrySet().stream()
        .collect(
            Collectors.toMap(
                entry -> entry.getKey().getKey(), entry -> entry.getValue().toString()));
  }

  static void assertChild(SpanData child, SpanData parent) {
    assertThat(child.getParentSpanId()).isEqualTo(parent.getSpanId());
    assertThat(child.getTraceId()).isEqualTo(parent.getTraceId());
  }

  @Override
  public void close() {
    server.close();
    sdk.close();
  }
}
