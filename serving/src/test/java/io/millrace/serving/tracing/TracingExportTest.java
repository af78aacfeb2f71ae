package io.millrace.serving.tracing;

import static java.util.function.Function.identity;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.millrace.serving.FakeModels;
import io.millrace.serving.TestServer;
import io.millrace.serving.http.HttpOptions;
import io.millrace.serving.models.Rollout;
import io.millrace.serving.predict.NamedModelRoutes;
import io.millrace.serving.tracing.OtlpCollector.Received;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slf4j.LoggerFactory;

@Timeout(value = 5, unit = TimeUnit.MINUTES)
class TracingExportTest {
  private static final String SHOP = NamedModelRoutes.PURCHASE;
  private static final String ENTITY = "[{\"user_id\":1,\"product_id\":2}]";
  private static final String INSTANCE = "{\"instances\":[{\"price\":3,\"activity_count\":1}]}";
  private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
  private static final String CALLER = "b7ad6b7169203331";
  private static final int QUEUE = 16;

  private static TestServer server(Tracing tracing) {
    FakeModels models =
        new FakeModels().register(SHOP, "7", 0.25f, 0.75f).rollOut(SHOP, Rollout.of("7"));
    return new TestServer(models, HttpOptions.at("127.0.0.1", 0), tracing);
  }

  private static Map<String, String> settings(String endpoint, String... others) {
    Map<String, String> settings = new HashMap<>();
    settings.put("otel.exporter.otlp.endpoint", endpoint);
    settings.put("otel.service.name", "shop");
    settings.put("otel.bsp.schedule.delay", "20");
    for (int i = 0; i < others.length; i += 2) {
      settings.put(others[i], others[i + 1]);
    }
    return settings;
  }

  /** Threads that send traces, those too that a test before has not waited for. */
  private static Set<Thread> senders() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().startsWith("BatchSpanProcessor"))
        .collect(Collectors.toSet());
  }

  @Test
  void aCollectorGetsTheTraceOfARequestBelowItsCaller() throws Exception {
    try (OtlpCollector collector = new OtlpCollector()) {
      Tracing tracing =
          Tracing.exporting(
              settings(collector.endpoint(), "otel.exporter.otlp.headers", "X-Tenant=blue"));
      try (tracing;
          TestServer server = server(tracing)) {
        String parent = "00-" + TRACE + "-" + CALLER + "-01";
        assertThat(server.post("/predict", ENTITY, "traceparent", parent).status()).isEqualTo(200);
        server.post(
            "/models/" + SHOP + "/predict",
            INSTANCE,
            "traceparent",
            parent,
            "tracestate",
            ",=;,",
            "baggage",
            "%zz=,;=%,shop=%e4%e4");
        await().until(() -> trace(collector).size() == 4);
      }

      Map<String, Received> spans = trace(collector);
      Received lookUp = spans.get("get_online_features");
      Received first = spans.get("POST /predict");
      assertThat(first.kind()).isEqualTo("SPAN_KIND_SERVER");
      assertThat(first.parent()).isEqualTo(CALLER);
      assertThat(lookUp.parent()).isEqualTo(first.id());
      assertThat(lookUp.attributes())
          .containsEntry("db.system.name", "redis")
          .containsEntry("millrace.features.found", "0");
      Received second = spans.get("POST /models/{name}/predict");
      assertThat(second.parent()).isEqualTo(CALLER);
      assertThat(spans.get("predict").parent()).isEqualTo(second.id());
      assertThat(collector.resource()).containsEntry("service.name", "shop");
      assertThat(collector.tenants).containsOnly("blue");
    }
  }

  private static Map<String, Received> trace(OtlpCollector collector) {
    return collector.spans().stream()
        .filter(span -> span.trace().equals(TRACE))
        .collect(Collectors.toMap(Received::name, identity()));
  }

  @Test
  void closingSendsWhatWaits() throws Exception {
    try (OtlpCollector collector = new OtlpCollector()) {
      Tracing tracing =
          Tracing.exporting(settings(collector.endpoint(), "otel.bsp.schedule.delay", "600000"));
      try (tracing;
          TestServer server = server(tracing)) {
        server.get("/nothing/" + "x".repeat(5_000));
        assertThat(collector.spans()).isEmpty();
      }

      assertThat(collector.spans())
          .extracting(Received::name)
          .containsExactlyInAnyOrder("load_model", "GET");
      assertThat(collector.spans())
          .flatExtracting(span -> span.attributes().values())
          .allSatisfy(value -> assertThat(value).hasSizeLessThanOrEqualTo(1_024))
          .anySatisfy(value -> assertThat(value).startsWith("/nothing/x").hasSize(1_024));
    }
  }

  /** It would never end if anybody waited for the collector: that takes connections, no more. */
  @Test
  void aCollectorThatDoesNotAnswerHarmsNoRequest() throws Exception {
    try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      Tracing tracing =
          Tracing.exporting(
              settings(
                  "http://127.0.0.1:" + silent.getLocalPort(),
                  "otel.exporter.otlp.timeout",
                  "3600000",
                  "otel.bsp.export.timeout",
                  "3600000",
                  "otel.bsp.max.queue.size",
                  Integer.toString(QUEUE),
                  "otel.bsp.max.export.batch.size",
                  Integer.toString(QUEUE)));
      try (tracing;
          TestServer server = server(tracing)) {
        for (int i = 0; i < 10 * QUEUE; i++) {
          assertThat(server.post("/predict", ENTITY).status()).isEqualTo(200);
        }
      }
    }
  }

  @Test
  void aCollectorThatIsNotThereHarmsNoRequestAndTheLogSaysSo() throws Exception {
    int port;
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    ListAppender<ILoggingEvent> said = new ListAppender<>();
    Logger log = (Logger) LoggerFactory.getLogger(SdkLog.class);
    said.start();
    log.addAppender(said);
    Tracing tracing =
        Tracing.exporting(
            settings("http://127.0.0.1:" + port, "otel.exporter.otlp.timeout", "200"));
    try (tracing;
        TestServer server = server(tracing)) {
      for (int i = 0; i < QUEUE; i++) {
        assertThat(server.post("/predict", ENTITY).status()).isEqualTo(200);
      }
      await().until(() -> !said.list.isEmpty());
    } finally {
      log.detachAppender(said);
    }
    assertThat(said.list.get(0).getLevel()).isEqualTo(Level.WARN);
    assertThat(said.list.get(0).getFormattedMessage())
        .startsWith("tracing: Failed to export spans")
        .contains("ConnectException");
  }

  @Test
  void nothingRunsWhenItIsOff() throws Exception {
    Set<Thread> before = senders();
    try (TestServer server = server(Tracing.off())) {
      assertThat(server.post("/predict", ENTITY).status()).isEqualTo(200);
      assertThat(before).containsAll(senders());
    }
    try (Tracing on = Tracing.exporting(settings("http://127.0.0.1:4318"))) {
      Set<Thread> more = senders();
      more.removeAll(before);
      assertThat(more).as("threads of %s", on).isNotEmpty();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "otel.exporter.otlp.protocol, grpc, must be http/protobuf",
    "otel.traces.sampler, sometimes, sometimes",
    "otel.traces.sampler.arg, most, otel.traces.sampler.arg",
    "otel.exporter.otlp.endpoint, nowhere, nowhere"
  })
  void refusesWhatItCannotUse(String name, String value, String said) {
    Map<String, String> settings =
        settings(
            "http://127.0.0.1:4318",
            "otel.traces.sampler",
            "parentbased_traceidratio",
            name,
            value);

    assertThatThrownBy(() -> Tracing.exporting(settings))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(said);
  }

  @Test
  void tracesThePartOfTheRequestsThatItIsTold() throws Exception {
    try (OtlpCollector collector = new OtlpCollector()) {
      Tracing tracing =
          Tracing.exporting(
              settings(
                  collector.endpoint(),
                  "otel.traces.sampler",
                  "parentbased_traceidratio",
                  "otel.traces.sampler.arg",
                  "0"));
      try (tracing;
          TestServer server = server(tracing)) {
        server.get("/models");
        server.get("/models", "traceparent", "00-" + TRACE + "-" + CALLER + "-01");
      }

      assertThat(collector.spans()).extracting(Received::trace).containsExactly(TRACE);
    }
  }
}
