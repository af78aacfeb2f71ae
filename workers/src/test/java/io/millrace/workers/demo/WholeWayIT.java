package io.millrace.workers.demo;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.activities.streaming.Buckets;
import io.millrace.activities.streaming.ReplaySummary;
import io.millrace.activities.streaming.Topics;
import io.millrace.engine.DagRuns;
import io.millrace.engine.NodeState;
import io.millrace.engine.RunReport;
import io.millrace.stack.Component;
import io.millrace.stack.Endpoints;
import io.millrace.stack.LocalStack;
import io.millrace.stack.Stack;
import io.millrace.stack.process.Ports;
import io.millrace.testing.Waiting;
import io.millrace.workers.cli.Console;
import io.millrace.workers.cli.Millrace;
import io.millrace.workers.cli.RunWatch;
import io.millrace.workers.cli.TemporalConnection;
import io.millrace.workers.config.KafkaConfig;
import io.millrace.workers.config.TemporalConfig;
import io.millrace.workers.local.LocalMillrace;
import io.millrace.workers.local.ServingProcesses;
import io.millrace.workers.local.WorkerProcess;
import io.millrace.workers.worker.Pipeline;
import io.temporal.api.common.v1.WorkflowExecution;
import io.temporal.api.workflowservice.v1.DescribeWorkflowExecutionRequest;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BiPredicate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Everything together on real servers: the demo, and a worker that is killed on the way. */
class WholeWayIT {
  private static final Duration LIMIT = Duration.ofMinutes(20);

  private static LocalStack servers;
  private static LocalMillrace local;
  private static Console console;
  private static KafkaConfig kafka;
  private static TemporalConfig temporal;

  /** What the first demo told, on servers that nothing had run on. */
  private static JsonNode first;

  @TempDir private static Path folder;

  @BeforeAll
  static void start() throws IOException {
    // Flink comes with the first demo, whose topics and buckets it needs.
    servers =
        LocalStack.forTests(Component.TEMPORAL, Component.POSTGRES, Component.KAFKA, Component.S3);
    Stack stack = servers.stack();
    Path home = stack.config().home();
    Path data = stack.config().state();
    // Busy as a machine may be that tests run on: no request fails for that.
    Files.writeString(data.resolve("millrace.properties"), "serving.features-timeout=5s\n");
    PrintWriter log = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
    console =
        new Console(log, log, false, 100, Map.of("MILLRACE_DATA", data.toString()), home, home);
    kafka = new KafkaConfig(servers.endpoints().kafka().bootstrapServers(), 4, "lz4", "none");
    temporal =
        new TemporalConfig(
            servers.endpoints().temporal().target(),
            "default",
            URI.create(servers.endpoints().temporal().uiUrl()),
            Waiting.LIMIT);
    local =
        new LocalMillrace(
            stack,
            new WorkerProcess(home, data, data, "test", Map.of()),
            new ServingProcesses(home, data, data, Ports.free(1).get(0)),
            4);
    first = demo(8_000);
  }

  @AfterAll
  static void stop() {
    servers.close();
  }

  @Test
  void generatedEventsBecomeAModelAndASecondRunAddsOnlyItsOwn() throws IOException {
    assertThat(first.path("events_produced").asLong()).isEqualTo(8_000);
    assertThat(first.path("valid").asLong() + first.path("invalid").asLong()).isEqualTo(8_000);
    assertThat(first.path("bronze_rows").asLong()).isEqualTo(first.path("valid").asLong());
    assertThat(first.path("silver_rows").asLong()).isEqualTo(first.path("valid").asLong());
    assertThat(first.path("fact_rows").asLong()).isEqualTo(first.path("valid").asLong());
    assertThat(first.path("counts_agree").asBoolean()).isTrue();
    assertThat(first.path("cdc_events").asLong()).isEqualTo(400);
    assertThat(first.path("features_online").asLong()).isPositive();
    assertThat(first.path("skew_mismatches").asLong()).isZero();
    assertThat(first.path("freshness_p99_ms").asLong()).isPositive();
    assertThat(first.path("model").asText()).isEqualTo("purchase_prediction_model");
    assertThat(first.path("auc").asDouble()).isBetween(0.5, 1.0);
    assertThat(first.path("predictions").asLong()).isPositive();
    assertThat(first.path("prediction_errors").asLong(-1)).isZero();
    assertThat(first.path("reload_ms").asDouble()).isPositive();
    assertThat(first.path("urls").path("temporal").asText()).startsWith("http://");

    JsonNode second = demo(2_000);
    assertThat(second.path("events_produced").asLong()).isEqualTo(2_000);
    assertThat(second.path("silver_rows").asLong()).isEqualTo(second.path("valid").asLong());
    assertThat(second.path("duplicates").asLong()).isZero();
  }

  @Test
  void setupLeavesWhatIsThereAndAddsABucket() {
    StringWriter out = new StringWriter();
    PrintWriter log = new PrintWriter(out, true);
    Path home = console.workingDirectory();
    Console own = new Console(log, log, false, 100, console.environment(), home, home);

    assertThat(Millrace.run(own, "setup", "--bucket", "further")).as(out.toString()).isZero();

    assertThat(out.toString())
        .contains(Topics.ALL.size() + " topics, " + (Buckets.ALL.size() + 1) + " buckets");
  }

  @Test
  void everyLineOfAFileIsAccountedForAndAReplayAddsNoEvent() throws IOException {
    Path file = folder.resolve("events.csv");
    StringBuilder text =
        new StringBuilder(
            "event_time,event_type,product_id,category_id,category_code,brand,price,user_id,"
                + "user_session\n");
    for (int i = 0; i < 50; i++) {
      text.append("2020-02-03 10:00:").append(10 + i).append(" UTC,view,1,2,,acme,9.99,3,csv-1\n");
    }
    text.append("not,a,row\n").append("2020-02-03 10:00:00 UTC,view,1,2,,acme,free,3,csv-1\n");
    Files.writeString(file, text);

    try (DemoRun once = new DemoRun();
        DemoRun again = new DemoRun()) {
      toTheWarehouse(produce(file), once);
      assertThat(once.produced).isEqualTo(52);
      Counts before = DemoRun.found(once.before);
      Counts after = DemoRun.found(once.after);
      assertThat(after.valid() - before.valid()).isEqualTo(50);
      assertThat(after.invalid() - before.invalid()).isEqualTo(2);
      Tables loaded = DemoRun.found(once.tablesAfter);
      assertThat(loaded.silver() - DemoRun.found(once.tablesBefore).silver()).isEqualTo(50);

      toTheWarehouse(produce(file), again);
      Tables twice = DemoRun.found(again.tablesAfter);
      assertThat(twice.bronze() - loaded.bronze()).isEqualTo(50);
      assertThat(twice.silver()).isEqualTo(loaded.silver());
      assertThat(twice.facts()).isEqualTo(loaded.facts());
    }
  }

  @Test
  void countsOfOddLinesAreThoseOfAnIndependentRecount() throws IOException {
    OddEvents odd = new OddEvents(kafka, folder);

    try (DemoRun run = new DemoRun()) {
      toTheWarehouse(odd, run);

      ReplaySummary sent = odd.summary();
      Counts before = DemoRun.found(run.before);
      Counts after = DemoRun.found(run.after);
      Tables tablesBefore = DemoRun.found(run.tablesBefore);
      Tables tables = DemoRun.found(run.tablesAfter);
      Map<String, Long> counts =
          Map.of(
              "lines", sent.lines() - sent.headerLines(),
              "blank", sent.blankLines(),
              "refused", sent.refusedLines(),
              "sent", sent.produced(),
              "valid", after.valid() - before.valid(),
              "invalid", after.invalid() - before.invalid(),
              "quarantined", tables.quarantined() - tablesBefore.quarantined(),
              "bronze", tables.bronze() - tablesBefore.bronze(),
              "events", tables.silver() - tablesBefore.silver());
      assertThat(counts).as("%s", sent).isEqualTo(OddEvents.expected());
      assertThat(after.lakeValid()).isEqualTo(after.valid());
      assertThat(tables.facts()).isEqualTo(tables.silver());
      assertThat(tables.quarantinedObjects()).isEqualTo(tablesBefore.quarantinedObjects());
    }
  }

  @Tag("chaos")
  @Test
  void aWorkerKilledDuringIngestChangesNoCount() throws SQLException {
    try (DemoRun run = new DemoRun();
        Connection bronze = connection()) {
      StageRunner runner = new StageRunner(console);
      for (Stage stage : toTheLake(produce(new DemoOptions(6_000, null, null)))) {
        runner.run(stage, run);
      }
      Tables before = DemoRun.found(run.tablesBefore);
      Counts events = DemoRun.found(run.after);

      // However quick the ingest is, it comes no further than this until its worker is dead.
      bronze.setAutoCommit(false);
      bronze.createStatement().execute("LOCK TABLE bronze.events IN ACCESS EXCLUSIVE MODE");

      RunReport report =
          runWithAKilledWorker(
              Pipeline.DATA,
              Map.of("batchObjects", 1, "parallelism", 1),
              WholeWayIT::ingests,
              bronze::rollback);

      Tables after = run.countTables();
      assertThat(report.state()).isEqualTo(RunReport.RunState.SUCCESS);
      assertThat(after.bronze() - before.bronze())
          .isEqualTo(events.valid() - DemoRun.found(run.before).valid());
      assertThat(after.bronze() + after.quarantined()).isEqualTo(events.lakeValid());
      assertThat(after.silver()).isEqualTo(after.distinct());
      assertThat(after.facts()).isEqualTo(after.silver());
    }
  }

  @Tag("chaos")
  @Test
  void aWorkerKilledDuringTuningStillMakesOneVersion() throws SQLException {
    RunReport report =
        runWithAKilledWorker(
            Pipeline.TRAINING,
            Map.of("trials", 4, "maxRounds", 800, "graceRounds", 400),
            WholeWayIT::trains,
            () -> {});

    assertThat(report.state()).isEqualTo(RunReport.RunState.SUCCESS);
    assertThat(report.task("save_results").state()).isEqualTo(NodeState.SUCCESS);
  }

  private static JsonNode demo(long events) throws IOException {
    Path json = folder.resolve("report.json");
    new Demo(console, local, kafka, new DemoOptions(events, null, json)).run();
    return new ObjectMapper().readTree(json.toFile());
  }

  private static Stage produce(Path file) {
    return produce(new DemoOptions(0, file, null));
  }

  private static Stage produce(DemoOptions options) {
    return new ProduceStage(
        kafka.bootstrapServers(), kafka, options, DemoState.file(console.dataDirectory()));
  }

  private static List<Stage> toTheLake(Stage produce) {
    return List.of(
        new UpStage(local), new DrainStage(), produce, new ValidateStage(), new LakeStage());
  }

  private static void toTheWarehouse(Stage produce, DemoRun run) {
    List<Stage> stages = new ArrayList<>(toTheLake(produce));
    stages.add(new DataStage(console, temporal));
    StageRunner runner = new StageRunner(console);
    stages.forEach(stage -> runner.run(stage, run));
  }

  private static Connection connection() throws SQLException {
    Endpoints.Postgres postgres = servers.endpoints().postgres();
    return DriverManager.getConnection(postgres.jdbcUrl(), postgres.user(), postgres.password());
  }

  /** Something that the database is asked for. */
  private interface Step {
    void run() throws SQLException;
  }

  private static boolean ingests(TemporalConnection connection, String runId) {
    return connection.runs().describe(runId).task("ingest_raw_data").state() == NodeState.RUNNING;
  }

  /** Whether a trial has come so far that it has told of a checkpoint. */
  private static boolean trains(TemporalConnection connection, String runId) {
    return connection
        .client()
        .getWorkflowServiceStubs()
        .blockingStub()
        .describeWorkflowExecution(
            DescribeWorkflowExecutionRequest.newBuilder()
                .setNamespace("default")
                .setExecution(
                    WorkflowExecution.newBuilder().setWorkflowId(runId + "/tune_hyperparameters"))
                .build())
        .getPendingActivitiesList()
        .stream()
        .anyMatch(
            activity ->
                activity.getActivityType().getName().equals("train_trial")
                    && activity.hasHeartbeatDetails());
  }

  /** Starts a run, kills the worker once it is amid the task, starts another, awaits the end. */
  private static RunReport runWithAKilledWorker(
      String dag, Object params, BiPredicate<TemporalConnection, String> amid, Step onceDead)
      throws SQLException {
    try (TemporalConnection connection =
        TemporalConnection.open(temporal, Millrace.settings(console))) {
      DagRuns runs = connection.runs();
      String id = runs.trigger(dag, params);
      Waiting.until(
          dag + " to come to the task",
          () -> amid.test(connection, id) ? "there" : runs.describe(id).tasks().toString(),
          "there"::equals);
      local.stack().supervisor().kill(LocalMillrace.WORKER);
      onceDead.run();
      local.startWorker();
      return new RunWatch(console, runs).await(id, LIMIT, report -> {});
    }
  }
}
