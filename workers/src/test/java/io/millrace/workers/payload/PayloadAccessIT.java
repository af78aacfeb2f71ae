package io.millrace.workers.payload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.util.JsonFormat;
import io.millrace.engine.DagRuns;
import io.millrace.engine.DagWorkers;
import io.millrace.engine.RunReport;
import io.millrace.engine.payload.CodecServer;
import io.millrace.engine.payload.Retention;
import io.millrace.stack.Component;
import io.millrace.stack.LocalStack;
import io.millrace.stack.Stack;
import io.millrace.testing.Waiting;
import io.millrace.workers.cli.TemporalConnection;
import io.millrace.workers.config.MillraceConfig;
import io.millrace.workers.config.Settings;
import io.millrace.workers.local.LocalMillrace;
import io.millrace.workers.local.ServingProcesses;
import io.millrace.workers.local.WorkerProcess;
import io.temporal.api.common.v1.Payloads;
import io.temporal.api.common.v1.PayloadsOrBuilder;
import io.temporal.api.common.v1.WorkflowExecution;
import io.temporal.api.history.v1.History;
import io.temporal.api.history.v1.HistoryEvent;
import io.temporal.api.workflow.v1.PendingActivityInfo;
import io.temporal.api.workflowservice.v1.DescribeWorkflowExecutionRequest;
import io.temporal.worker.Worker;
import io.temporal.worker.WorkerFactory;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The settings that `millrace up` writes, with a real Temporal server and object store. */
class PayloadAccessIT {

  private static LocalStack stack;
  private static Settings settings;
  private static TemporalConnection connection;
  private static PayloadAccess payloads;
  private static WorkerFactory factory;
  private static DagRuns runs;

  private final HttpClient http = HttpClient.newHttpClient();

  @BeforeAll
  static void start() {
    stack = LocalStack.forTests(Component.TEMPORAL, Component.S3);
    Path state = stack.stack().config().state();
    settings = Settings.load(state, state, Map.of());
    connection = TemporalConnection.open(settings);
    payloads = PayloadAccess.of(settings);
    factory =
        WorkerFactory.newInstance(
            connection.client(), DagWorkers.factoryOptions(connection.client()));
    Worker worker = factory.newWorker("ledgers", DagWorkers.options(4));
    DagWorkers.register(worker, Ledger.Impl.class);
    worker.registerActivitiesImplementations(new Ledger.ClerkImpl());
    factory.start();
    runs = new DagRuns(connection.client(), "ledgers");
  }

  @AfterAll
  static void stop() {
    factory.shutdownNow();
    payloads.close();
    connection.close();
    stack.close();
  }

  @Test
  void aLargeResultLiesInTheObjectStoreAndTheWebUiIsShownWhatItHolds() throws Exception {
    RunReport report = runs.await(runs.trigger("ledger", null), Waiting.LIMIT);

    assertThat(report.task("read").detail()).isEqualTo(Ledger.SIZE + " bytes");
    History history = history(report.runId());
    assertThat(history.getSerializedSize()).isLessThan(20_000);
    // Not the text itself: a failure would print it.
    assertThat(shown(history).length()).isGreaterThan(Ledger.SIZE);
    assertThat(payloads.sweep(connection.client().getWorkflowServiceStubs(), "default"))
        .isEqualTo(new Retention.Swept(0, 0));
  }

  @Test
  void theWebUiKnowsWhereToAsk() throws Exception {
    String ui =
        http.send(
                HttpRequest.newBuilder(
                        URI.create(stack.endpoints().temporal().uiUrl() + "/api/v1/settings"))
                    .timeout(Waiting.LIMIT)
                    .build(),
                BodyHandlers.ofString())
            .body();

    int port = MillraceConfig.from(settings).payloads().codecPort();
    assertThat(ui).contains("http://127.0.0.1:" + port);
  }

  @Test
  void theWorkerOfUpDecodesThere() throws Exception {
    Stack local = stack.stack();
    Path state = local.config().state();
    new LocalMillrace(
            local,
            new WorkerProcess(local.config().home(), state, state, "test", Map.of()),
            new ServingProcesses(local.config().home(), state, state, 0),
            1)
        .startWorker();

    String answer = ask(URI.create(stack.endpoints().temporal().codecUrl()), Payloads.newBuilder());

    assertThat(answer).isEqualTo("{}");
  }

  @Test
  void aRunOutlastsAnObjectStoreThatIsKilled() throws Exception {
    stack.kill9(Component.S3);
    String id = runs.trigger("ledger", null);
    // The server keeps but the beginning of a failure, so ask for no message.
    Awaitility.await().until(() -> pending(id).stream().anyMatch(task -> task.getAttempt() > 2));
    stack.restart(Component.S3);

    assertThat(runs.await(id, Waiting.LIMIT).task("read").detail())
        .isEqualTo(Ledger.SIZE + " bytes");
  }

  @Test
  void aCommandWithoutTheKeysOfTheStoreSaysWhichSettingIsMissing() throws Exception {
    String id = runs.trigger("ledger", null);
    runs.await(id, Waiting.LIMIT);
    try (PayloadAccess bare =
        PayloadAccess.of(Settings.load(Path.of("none"), Path.of("none"), Map.of()))) {
      Payloads result = resultOfWrite(history(id));

      assertThatThrownBy(
              () -> bare.converter().fromPayload(result.getPayloads(0), String.class, String.class))
          .hasMessageContaining("lies in the object store, but s3.access-key is not set");
    }
  }

  /** Asks as the Web UI does for the result of the first task. */
  private String shown(History history) throws Exception {
    MillraceConfig config = MillraceConfig.from(settings);
    try (CodecServer codec = payloads.serve(config.temporal(), 0)) {
      return ask(codec.address(), resultOfWrite(history));
    }
  }

  private String ask(URI codec, PayloadsOrBuilder payloadsShown) throws Exception {
    return http.send(
            HttpRequest.newBuilder(codec.resolve("/decode"))
                .timeout(Waiting.LIMIT)
                .header("Origin", stack.endpoints().temporal().uiUrl())
                .header("Content-Type", "application/json")
                .header("X-Namespace", "default")
                .POST(
                    HttpRequest.BodyPublishers.ofString(JsonFormat.printer().print(payloadsShown)))
                .build(),
            BodyHandlers.ofString())
        .body();
  }

  private static Payloads resultOfWrite(History history) {
    return history.getEventsList().stream()
        .filter(HistoryEvent::hasActivityTaskCompletedEventAttributes)
        .map(event -> event.getActivityTaskCompletedEventAttributes().getResult())
        .findFirst()
        .orElseThrow();
  }

  private static History history(String id) {
    return connection.client().fetchHistory(id).getHistory();
  }

  private static List<PendingActivityInfo> pending(String id) {
    return connection
        .client()
        .getWorkflowServiceStubs()
        .blockingStub()
        .describeWorkflowExecution(
            DescribeWorkflowExecutionRequest.newBuilder()
                .setNamespace("default")
                .setExecution(WorkflowExecution.newBuilder().setWorkflowId(id))
                .build())
        .getPendingActivitiesList();
  }
}
