package io.millrace.serving.tracing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.millrace.core.events.Event;
import io.millrace.core.events.EventType;
import io.millrace.core.features.OnlineKey;
import io.millrace.core.features.OnlineRow;
import io.millrace.serving.FakeModels;
import io.millrace.serving.TestServer;
import io.millrace.serving.features.OnlineFeatures;
import io.millrace.serving.http.HttpOptions;
import io.millrace.serving.http.RequestListener;
import io.millrace.serving.http.ServingServer;
import io.millrace.serving.models.Rollout;
import io.millrace.serving.models.Scoring;
import io.millrace.serving.models.ServedVersion;
import io.millrace.serving.models.VersionFiles;
import io.millrace.serving.models.VersionLoader;
import io.millrace.serving.predict.NamedModelRoutes;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.SpanId;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.propagation.ContextPropagators;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class SpansTest {
  private static final String SHOP = NamedModelRoutes.PURCHASE;
  private static final String IRIS = NamedModelRoutes.IRIS;
  private static final String ROUTE = "POST /models/{name}/predict";
  private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
  private static final String CALLER = "b7ad6b7169203331";
  private static final String ONE =
      "{\"instances\":[{\"brand\":\"sony\",\"price\":3,\"activity_count\":1}]}";

  private final InMemorySpanExporter spans = InMemorySpanExporter.create();
  private final OpenTelemetrySdk sdk =
      OpenTelemetrySdk.builder()
          .setTracerProvider(
              SdkTracerProvider.builder()
                  .addSpanProcessor(SimpleSpanProcessor.create(spans))
                  .build())
          .setPropagators(ContextPropagators.create(W3CTraceContextPropagator.getInstance()))
          .build();
  private final Tracing tracing = Tracing.by(sdk);
  private final FakeModels models =
      new FakeModels()
          .register(SHOP, "7", 0.25f, 0.75f)
          .register(SHOP, "8", 0.5f, 1)
          .register(SHOP, "9", FakeModels.files(0.5f, 1, "{}"))
          .register(IRIS, "1", iris())
          .register(IRIS, "2", iris())
          .rollOut(SHOP, Rollout.of("7"))
          .rollOut(IRIS, Rollout.of("1"));
  private final TestServer server = new TestServer(models, HttpOptions.at("127.0.0.1", 0), tracing);

  private static VersionFiles iris() {
    return FakeModels.numbers(List.of("width", "length"), List.of("no", "yes"), 0.25f, 1);
  }

  @AfterEach
  void stop() {
    server.close();
    sdk.close();
  }

  private SpanData span(String name) {
    return spans.getFinishedSpanItems().stream()
        .filter(span -> span.getName().equals(name))
        .findFirst()
        .orElseThrow(() -> new AssertionError(name + " is not in " + names()));
  }

  private List<String> names() {
    return spans.getFinishedSpanItems().stream().map(SpanData::getName).toList();
  }

  private static void assertChild(SpanData child, SpanData parent) {
    assertThat(child.getParentSpanId()).isEqualTo(parent.getSpanId());
    assertThat(child.getTraceId()).isEqualTo(parent.getTraceId());
  }

  @Test
  void aRequestIsATraceOfTheLookUpAndTheScoring() throws Exception {
    Event event =
        new Event(
            Instant.parse("2019-10-01T00:00:00Z"),
            EventType.CART,
            2,
            3L,
            "apparel.shoes",
            "apple",
            60,
            1,
            "session");
    server.rows.put(new OnlineKey(1, 2), OnlineRow.of(event, 4));
    spans.reset();

    server.post(
        "/models/" + SHOP + "/predict",
        "{\"entities\":[{\"user_id\":1,\"product_id\":2},{\"user_id\":3,\"product_id\":4}]}",
        "X-Request-Id",
        "order-17");

    assertThat(names()).containsExactly("get_online_features", "predict", ROUTE);
    SpanData request = span(ROUTE);
    assertThat(request.getKind()).isEqualTo(SpanKind.SERVER);
    assertThat(request.getParentSpanId()).isEqualTo(SpanId.getInvalid());
    assertThat(texts(request.getAttributes()))
        .isEqualTo(
            Map.of(
                "http.request.method", "POST",
                "http.route", "/models/{name}/predict",
                "http.response.status_code", "200",
                "url.scheme", "http",
                "url.path", "/models/" + SHOP + "/predict",
                "millrace.request_id", "order-17"));
    SpanData lookUp = span("get_online_features");
    assertChild(lookUp, request);
    assertThat(lookUp.getKind()).isEqualTo(SpanKind.CLIENT);
    assertThat(texts(lookUp.getAttributes()))
        .isEqualTo(
            Map.of(
                "db.system.name", "redis",
                "db.operation.name", "MGET",
                "millrace.features.keys", "2",
                "millrace.features.found", "1"));
    assertChild(span("predict"), request);
    assertThat(texts(span("predict").getAttributes()))
        .isEqualTo(
            Map.of(
                "millrace.model.name", SHOP,
                "millrace.model.version", "7",
                "millrace.model.alias", "champion",
                "millrace.rows", "1"));
  }

  private static Map<String, String> texts(Attributes attributes) {
    return attributes.asMap().entrySet().stream()
        .collect(
            Collectors.toMap(
                entry -> entry.getKey().getKey(), entry -> entry.getValue().toString()));
  }

  @Test
  void goesOnWithTheCallersTraceAndWithNobodyElses() throws Exception {
    spans.reset();
    String path = "/models/" + SHOP + "/predict";
    server.post(path, ONE, "traceparent", "00-" + TRACE + "-" + CALLER + "-01");
    assertThat(span(ROUTE).getTraceId()).isEqualTo(TRACE);
    assertThat(span(ROUTE).getParentSpanId()).isEqualTo(CALLER);
    assertThat(span("predict").getTraceId()).isEqualTo(TRACE);

    spans.reset();
    server.post(path, ONE, "traceparent", "00-" + TRACE + "-" + CALLER + "-00");
    assertThat(names()).as("the caller does not trace this one").isEmpty();

    server.post(path, ONE, "traceparent", "00-nonsense");
    assertThat(span(ROUTE).getParentSpanId()).isEqualTo(SpanId.getInvalid());
    assertThat(span(ROUTE).getTraceId()).isNotEqualTo(TRACE);
  }

  @Test
  void namesNoPathThatAClientMadeUp() throws Exception {
    spans.reset();
    server.get("/nothing/1");

    SpanData request = span("GET");
    assertThat(request.getAttributes().get(AttributeKey.stringKey("http.route"))).isNull();
    assertThat(request.getAttributes().get(AttributeKey.longKey("http.response.status_code")))
        .isEqualTo(404);
    assertThat(request.getStatus().getStatusCode()).isEqualTo(StatusCode.UNSET);
  }

  @Test
  void leavesProbesAndScrapesOut() throws Exception {
    spans.reset();
    for (String path : List.of("/health", "/health/live", "/health/ready", "/metrics")) {
      assertThat(server.get(path).status()).isEqualTo(200);
    }
    server.get("/models");

    assertThat(names()).containsExactly("GET /models");
  }

  @Test
  void aStoreThatIsAwayIsAnErrorOfTheLookUpAndOfTheRequest() throws Exception {
    server.storeAway = true;
    spans.reset();

    server.post("/predict", "[{\"user_id\":1,\"product_id\":2}]");

    SpanData lookUp = span("get_online_features");
    assertThat(lookUp.getStatus().getStatusCode()).isEqualTo(StatusCode.ERROR);
    assertThat(lookUp.getStatus().getDescription()).isEqualTo("The online store does not answer");
    assertThat(lookUp.getAttributes().get(AttributeKey.stringKey("error.type")))
        .isEqualTo("io.millrace.serving.http.Problem");
    SpanData request = span("POST /predict");
    assertThat(request.getStatus().getStatusCode()).isEqualTo(StatusCode.ERROR);
    assertThat(request.getAttributes().get(AttributeKey.stringKey("error.type"))).isEqualTo("503");
  }

  @Test
  void aLoadingSaysWhatCameOfIt() throws Exception {
    assertThat(names()).as("at the start").containsOnly("load_model");
    spans.reset();
    models.rollOut(SHOP, Rollout.of("9"));

    server.post("/models/" + SHOP + "/reload", "");

    SpanData refused = span("load_model");
    assertChild(refused, span("POST /models/{name}/reload"));
    assertThat(texts(refused.getAttributes()))
        .containsEntry("millrace.model.version", "9")
        .containsEntry("millrace.outcome", "refused");
    assertThat(refused.getStatus().getDescription()).contains("golden_batch.json");

    spans.reset();
    models.failures.set(1);
    server.post("/inference", "{\"input_data\":[1,2],\"model_version\":\"2\"}");

    List<SpanData> tries =
        spans.getFinishedSpanItems().stream()
            .filter(span -> span.getName().equals("load_model"))
            .toList();
    assertThat(tries)
        .extracting(span -> texts(span.getAttributes()).get("millrace.outcome"))
        .containsExactly("failed", "loaded");
    tries.forEach(one -> assertChild(one, span("POST /inference")));
  }

  @Test
  void aShadowIsPartOfTheRequestThatItSaw() throws Exception {
    models.rollOut(SHOP, new Rollout("7", null, 0, "8"));
    server.refresh(SHOP);
    spans.reset();

    server.post("/models/" + SHOP + "/predict", ONE);

    await().until(() -> spans.getFinishedSpanItems().size() == 3);
    SpanData shadow =
        spans.getFinishedSpanItems().stream()
            .filter(
                span -> "shadow".equals(texts(span.getAttributes()).get("millrace.model.alias")))
            .findFirst()
            .orElseThrow();
    assertChild(shadow, span(ROUTE));
  }

  @Test
  void theLogOfARequestHasTheIdOfItsTrace() throws Exception {
    ListAppender<ILoggingEvent> said = new ListAppender<>();
    Logger log = (Logger) LoggerFactory.getLogger(ServingServer.class);
    said.start();
    log.addAppender(said);
    try (ServingServer faulty =
        new ServingServer(
            HttpOptions.at("127.0.0.1", 0),
            tracing.requests(RequestListener.NONE),
            List.of(
                app ->
                    app.get(
                        "/fault",
                        context -> {
                          throw new IllegalStateException("a fault of ours");
                        })))) {
      URI uri = URI.create("http://127.0.0.1:%d/fault".formatted(faulty.start()));
      HttpClient.newHttpClient()
          .send(HttpRequest.newBuilder(uri).build(), BodyHandlers.discarding());
    } finally {
      log.detachAppender(said);
    }

    assertThat(said.list).hasSize(1);
    assertThat(said.list.get(0).getMDCPropertyMap())
        .containsEntry("trace_id", span("GET /fault").getTraceId());
  }

  @Test
  void putsNothingAroundThePartsWhenItIsOff() {
    OnlineFeatures features = keys -> List.of();
    Scoring scoring = ServedVersion::score;
    VersionLoader loader =
        (model, version, alias) -> {
          throw new IllegalArgumentException("none");
        };
    Tracing off = Tracing.off();

    assertThat(off.requests(RequestListener.NONE)).isSameAs(RequestListener.NONE);
    assertThat(off.features(features)).isSameAs(features);
    assertThat(off.scoring(scoring)).isSameAs(scoring);
    assertThat(off.loads(loader)).isSameAs(loader);
    assertThat(tracing.features(features)).isNotSameAs(features);
  }
}
