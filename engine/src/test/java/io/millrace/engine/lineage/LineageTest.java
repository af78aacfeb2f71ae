package io.millrace.engine.lineage;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.millrace.engine.Dag;
import io.millrace.engine.DagRuns;
import io.millrace.engine.DagWorkers;
import io.millrace.engine.Policy;
import io.millrace.engine.RunReport;
import io.millrace.engine.asset.Asset;
import io.millrace.engine.toys.AnyDag;
import io.millrace.engine.toys.AnyDag.Work;
import io.millrace.testing.Waiting;
import io.temporal.activity.DynamicActivity;
import io.temporal.testing.TestEnvironmentOptions;
import io.temporal.testing.TestWorkflowEnvironment;
import io.temporal.worker.Worker;
import io.temporal.worker.WorkerFactoryOptions;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LineageTest {

  private final Queue<JsonNode> received = new ConcurrentLinkedQueue<>();
  private final Queue<String> keys = new ConcurrentLinkedQueue<>();
  private volatile int status = 201;
  private HttpServer server;
  private HttpLineage lineage;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/api/v1/lineage", this::receive);
    server.start();
    lineage =
        new HttpLineage(
            URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/api/v1/lineage"),
            "sesame",
            Duration.ofMillis(1));
  }

  @AfterEach
  void stop() {
    lineage.close();
    server.stop(0);
  }

  @Test
  void aRunAndItsTasksTellWhatTheyMadeFromWhat() throws TimeoutException {
    run(
        dag -> {
          var bronze = dag.task("load", Work.class, Work::act).outlet(new Asset("bronze"));
          dag.task("refine", Work.class, Work::act)
              .after(bronze)
              .outlet(new Asset("s3://lake/gold/events"));
        },
        args -> 1);

    assertThat(received).allSatisfy(LineageTest::isValid);
    assertThat(types())
        .containsExactly(
            "START any",
            "START any.load",
            "COMPLETE any.load",
            "START any.refine",
            "COMPLETE any.refine",
            "COMPLETE any");
    JsonNode refined = event("COMPLETE", "any.refine");
    assertThat(refined.path("inputs").toString())
        .isEqualTo("[{\"namespace\":\"shop\",\"name\":\"bronze\"}]");
    assertThat(refined.path("outputs").toString())
        .isEqualTo("[{\"namespace\":\"s3://lake\",\"name\":\"gold/events\"}]");
    JsonNode run = event("COMPLETE", "any");
    assertThat(run.path("outputs")).hasSize(2);
    assertThat(refined.path("run").path("facets").path("parent").path("run").path("runId"))
        .isEqualTo(run.path("run").path("runId"));
    assertThat(event("START", "any.load").path("outputs")).isEmpty();
    assertThat(keys).containsOnly("Bearer sesame");
  }

  @Test
  void whatFailsSaysWhyAndMadeNothing() throws TimeoutException {
    run(
        dag -> {
          dag.defaults(Policy.DEFAULT.withRetries(1, Duration.ofSeconds(1)));
          var load = dag.task("load", Work.class, Work::act).outlet(new Asset("bronze"));
          dag.task("refine", Work.class, Work::act).after(load);
        },
        args -> {
          throw new IllegalStateException("no such file");
        });

    assertThat(types()).containsExactly("START any", "START any.load", "FAIL any.load", "FAIL any");
    JsonNode failed = event("FAIL", "any.load");
    assertThat(failed.path("outputs")).isEmpty();
    assertThat(failed.path("run").path("facets").path("errorMessage").path("message").asText())
        .contains("no such file");
    assertThat(received).allSatisfy(LineageTest::isValid);
  }

  @Test
  void anEndpointThatRefusesCostsTheEventsAndNotTheRun() throws TimeoutException {
    status = 503;
    RunReport report = run(dag -> dag.task("load", Work.class, Work::act), args -> 1);

    assertThat(report.state()).isEqualTo(RunReport.RunState.SUCCESS);
    assertThat(lineage.dropped()).isEqualTo(4);
    assertThat(received).as("three tries each").hasSize(12);
  }

  private RunReport run(Consumer<Dag> graph, DynamicActivity work) throws TimeoutException {
    AnyDag.redefine(graph);
    try (TestWorkflowEnvironment temporal =
        TestWorkflowEnvironment.newInstance(
            TestEnvironmentOptions.newBuilder()
                .setWorkerFactoryOptions(
                    WorkerFactoryOptions.newBuilder()
                        .setWorkerInterceptors(new LineageInterceptor(lineage, "shop"))
                        .build())
                .build())) {
      Worker worker = temporal.newWorker("q");
      DagWorkers.register(worker, AnyDag.Impl.class);
      worker.registerActivitiesImplementations(work);
      temporal.start();
      DagRuns runs = new DagRuns(temporal.getWorkflowClient(), "q");
      return runs.await(runs.trigger("any", null), Waiting.LIMIT);
    } finally {
      lineage.close();
    }
  }

  private List<String> types() {
    return received.stream()
        .map(e -> e.path("eventType").asText() + " " + e.path("job").path("name").asText())
        .toList();
  }

  private JsonNode event(String type, String job) {
    return received.stream()
        .filter(event -> event.path("eventType").asText().equals(type))
        .filter(event -> event.path("job").path("name").asText().equals(job))
        .findFirst()
        .orElseThrow();
  }

  /** What the specification requires of a RunEvent and of a facet. */
  private static void isValid(JsonNode event) {
    assertThat(event.path("eventType").asText()).isIn("START", "COMPLETE", "FAIL", "ABORT");
    assertThat(Instant.parse(event.path("eventTime").asText())).isNotNull();
    assertThat(UUID.fromString(event.path("run").path("runId").asText())).isNotNull();
    assertThat(event.path("job").path("namespace").asText()).isEqualTo("shop");
    assertThat(event.path("job").path("name").asText()).isNotBlank();
    assertThat(URI.create(event.path("producer").asText()).isAbsolute()).isTrue();
    assertThat(event.path("schemaURL").asText())
        .isEqualTo("https://openlineage.io/spec/2-0-2/OpenLineage.json#/$defs/RunEvent");
    for (String side : List.of("inputs", "outputs")) {
      assertThat(event.path(side).isArray()).isTrue();
      event
          .path(side)
          .forEach(
              dataset -> {
                assertThat(dataset.path("namespace").asText()).isNotBlank();
                assertThat(dataset.path("name").asText()).isNotBlank();
              });
    }
    event
        .path("run")
        .path("facets")
        .forEach(
            facet -> {
              assertThat(URI.create(facet.path("_producer").asText()).isAbsolute()).isTrue();
              assertThat(facet.path("_schemaURL").asText())
                  .matches("https://openlineage.io/spec/facets/1-0-1/(\\w+)\\.json#/\\$defs/\\1");
            });
  }

  private void receive(HttpExchange exchange) throws IOException {
    try (exchange) {
      received.add(new ObjectMapper().readTree(exchange.getRequestBody()));
      keys.add(exchange.getRequestHeaders().getFirst("Authorization"));
      exchange.sendResponseHeaders(status, -1);
    }
  }
}
