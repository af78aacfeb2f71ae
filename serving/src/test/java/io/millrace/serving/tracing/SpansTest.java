package io.millrace.serving.tracing;

import static io.millrace.serving.tracing.TracedServer.SHOP;
import static io.millrace.serving.tracing.TracedServer.assertChild;
import static io.millrace.serving.tracing.TracedServer.attributes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.millrace.serving.FakeModels;
import io.millrace.serving.TestServer;
import io.millrace.serving.features.OnlineFeatures;
import io.millrace.serving.http.HttpOptions;
import io.millrace.serving.http.RequestListener;
import io.millrace.serving.http.ServingServer;
import io.millrace.serving.models.Rollout;
import io.millrace.serving.models.Scoring;
import io.millrace.serving.models.ServedVersion;
import io.millrace.serving.models.VersionLoader;
import io.opentelemetry.api.trace.SpanId;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.sdk.trace.data.SpanData;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class SpansTest {
  private static final String ROUTE = "POST /models/{name}/predict";
  private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
  private static final String CALLER = "b7ad6b7169203331";
  private static final String ONE =
      "{\"instances\":[{\"brand\":\"sony\",\"price\":3,\"activity_count\":1}]}";

  private final TracedServer traced = new TracedServer();
  private final TestServer server = traced.server;
  private final FakeModels models = traced.models;

  @AfterEach
  void stop() {
    traced.close();
  }

  @Test
  void aRequestIsATraceOfTheLookUpAndTheScoring() throws Exception {
    traced.know(1, 2);
    traced.forget();

    server.post(
        "/models/" + SHOP + "/predict",
        "{\"entities\":[{\"user_id\":1,\"product_id\":2},{\"user_id\":3,\"product_id\":4}]}",
        "X-Request-Id",
        "order-17");

    assertThat(traced.names()).containsExactly("get_online_features", "predict", ROUTE);
    SpanData request = traced.span(ROUTE);
    assertThat(request.getKind()).isEqualTo(SpanKind.SERVER);
    assertThat(request.getParentSpanId()).isEqualTo(SpanId.getInvalid());
    assertThat(attributes(request))
        .isEqualTo(
            Map.of(
                "http.request.method", "POST",
                "http.route", "/models/{name}/predict",
                "http.response.status_code", "200",
                "url.scheme", "http",
                "url.path", "/models/" + SHOP + "/predict",
                "millrace.request_id", "order-17"));
    SpanData lookUp = traced.span("get_online_features");
    assertChild(lookUp, request);
    assertThat(lookUp.getKind()).isEqualTo(SpanKind.CLIENT);
    assertThat(attributes(lookUp))
        .isEqualTo(
            Map.of(
                "db.system.name", "redis",
                "db.operation.name", "MGET",
                "millrace.features.keys", "2",
                "millrace.features.found", "1"));
    assertChild(traced.span("predict"), request);
    assertThat(attributes(traced.span("predict")))
        .isEqualTo(
            Map.of(
                "millrace.model.name", SHOP,
                "millrace.model.version", "7",
                "millrace.model.alias", "champion",
                "millrace.rows", "1"));
  }

  @Test
  void goesOnWithTheCallersTraceAndWithNobodyElses() throws Exception {
    traced.forget();
    String path = "/models/" + SHOP + "/predict";
    server.post(path, ONE, "traceparent", "00-" + TRACE + "-" + CALLER + "-01");
    assertThat(traced.span(ROUTE).getTraceId()).isEqualTo(TRACE);
    assertThat(traced.span(ROUTE).getParentSpanId()).isEqualTo(CALLER);
    assertThat(traced.span("predict").getTraceId()).isEqualTo(TRACE);

    traced.forget();
    server.post(path, ONE, "traceparent", "00-" + TRACE + "-" + CALLER + "-00");
    assertThat(traced.names()).as("the caller does not trace this one").isEmpty();

    server.post(path, ONE, "traceparent", "00-nonsense");
    assertThat(traced.span(ROUTE).getParentSpanId()).isEqualTo(SpanId.getInvalid());
    assertThat(traced.span(ROUTE).getTraceId()).isNotEqualTo(TRACE);
  }

  @Test
  void namesNoPathThatAClientMadeUp() throws Exception {
    traced.forget();
    server.get("/nothing/1");

    SpanData request = traced.span("GET");
    assertThat(attributes(request).get("http.route")).isNull();
    assertThat(attributes(request).get("http.response.status_code")).isEqualTo("404");
    assertThat(request.getStatus().getStatusCode()).isEqualTo(StatusCode.UNSET);
  }

  @Test
  void leavesProbesAndScrapesOut() throws Exception {
    traced.forget();
    for (String path : List.of("/health", "/health/live", "/health/ready", "/metrics")) {
      assertThat(server.get(path).status()).isEqualTo(200);
    }
    server.get("/models");

    assertThat(traced.names()).containsExactly("GET /models");
  }

  @Test
  void aStoreThatIsAwayIsAnErrorOfTheLookUpAndOfTheRequest() throws Exception {
    server.storeAway = true;
    traced.forget();

    server.post("/predict", "[{\"user_id\":1,\"product_id\":2}]");

    SpanData lookUp = traced.span("get_online_features");
    assertThat(lookUp.getStatus().getStatusCode()).isEqualTo(StatusCode.ERROR);
    assertThat(lookUp.getStatus().getDescription()).isEqualTo("The online store does not answer");
    assertThat(attributes(lookUp).get("error.type")).isEqualTo("io.millrace.serving.http.Problem");
    SpanData request = traced.span("POST /predict");
    assertThat(request.getStatus().getStatusCode()).isEqualTo(StatusCode.ERROR);
    assertThat(attributes(request).get("error.type")).isEqualTo("503");
  }

  @Test
  void aLoadingSaysWhatCameOfIt() throws Exception {
    assertThat(traced.names()).as("at the start").containsOnly("load_model");
    traced.forget();
    models.rollOut(SHOP, Rollout.of("9"));

    server.post("/models/" + SHOP + "/reload", "");

    SpanData refused = traced.span("load_model");
    assertChild(refused, traced.span("POST /models/{name}/reload"));
    assertThat(attributes(refused))
        .containsEntry("millrace.model.version", "9")
        .containsEntry("millrace.outcome", "refused");
    assertThat(refused.getStatus().getDescription()).contains("golden_batch.json");

    traced.forget();
    models.failures.set(1);
    server.post("/inference", "{\"input_data\":[1,2],\"model_version\":\"2\"}");

    List<SpanData> tries =
        traced.spans().stream().filter(span -> span.getName().equals("load_model")).toList();
    assertThat(tries)
        .extracting(span -> attributes(span).get("millrace.outcome"))
        .containsExactly("failed", "loaded");
    tries.forEach(one -> assertChild(one, traced.span("POST /inference")));
  }

  @Test
  void aShadowIsPartOfTheRequestThatItSaw() throws Exception {
    models.rollOut(SHOP, new Rollout("7", null, 0, "8"));
    server.refresh(SHOP);
    traced.forget();

    server.post("/models/" + SHOP + "/predict", ONE);

    await().until(() -> traced.spans().size() == 3);
    SpanData shadow =
        traced.spans().stream()
            .filter(span -> "shadow".equals(attributes(span).get("millrace.model.alias")))
            .findFirst()
            .orElseThrow();
    assertChild(shadow, traced.span(ROUTE));
  }

  @Test
  void theLogOfARequestHasTheIdOfItsTrace() throws Exception {
    ListAppender<ILoggingEvent> said = new ListAppender<>();
    Logger log = (Logger) LoggerFactory.getLogger(ServingServer.class.getPackageName());
    said.start();
    log.addAppender(said);
    try (ServingServer faulty =
        new ServingServer(
            HttpOptions.at("127.0.0.1", 0),
            traced.tracing.requests(RequestListener.NONE),
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
        .containsEntry("trace_id", traced.span("GET /fault").getTraceId());
  }

  @Test
  void putsNothingAroundThePartsWhenItIsOff() {
    OnlineFeatures features = (keys, threads) -> CompletableFuture.completedFuture(List.of());
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
    assertThat(traced.tracing.features(features)).isNotSameAs(features);
  }
}
