package io.millrace.workers.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.engine.DagWorkers;
import io.millrace.engine.backfill.Backfills;
import io.millrace.engine.schedule.Alerts;
import io.millrace.engine.schedule.ScheduleWatches;
import io.millrace.stack.Component;
import io.millrace.stack.LocalStack;
import io.millrace.workers.worker.Activities;
import io.millrace.workers.worker.Pipeline;
import io.temporal.activity.Activity;
import io.temporal.activity.DynamicActivity;
import io.temporal.client.WorkflowClient;
import io.temporal.common.converter.EncodedValues;
import io.temporal.failure.ApplicationFailure;
import io.temporal.serviceclient.WorkflowServiceStubs;
import io.temporal.serviceclient.WorkflowServiceStubsOptions;
import io.temporal.worker.Worker;
import io.temporal.worker.WorkerFactory;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.reflect.Type;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** What a newcomer types, on a real server, with our pipeline and made-up activities. */
class NewcomerIT {
  private static final String RANGE = "backfill/data_pipeline/2026-03-01";
  private static final AtomicBoolean BROKEN = new AtomicBoolean();

  private static LocalStack stack;
  private static WorkflowServiceStubs service;
  private static WorkerFactory factory;

  @TempDir private Path folder;
  private Terminal terminal;

  @BeforeAll
  static void start() {
    stack = LocalStack.forTests(Component.TEMPORAL);
    service =
        WorkflowServiceStubs.newServiceStubs(
            WorkflowServiceStubsOptions.newBuilder()
                .setTarget(stack.endpoints().temporal().target())
                .build());
    WorkflowClient client = WorkflowClient.newInstance(service);
    factory = WorkerFactory.newInstance(client, DagWorkers.factoryOptions(client));
    Worker main = factory.newWorker(Pipeline.TASK_QUEUE, DagWorkers.options(8));
    DagWorkers.register(main, Pipeline.named(Pipeline.DATA).orElseThrow().implementation());
    main.registerActivitiesImplementations(new MadeUp());
    Backfills.register(main, client);
    Worker system = factory.newWorker(Pipeline.SYSTEM_QUEUE, DagWorkers.options(8));
    DagWorkers.registerSystem(system);
    ScheduleWatches.register(system, client, Alerts.toLog());
    factory.start();
  }

  @AfterAll
  static void stop() {
    factory.shutdownNow();
    service.shutdownNow();
    stack.close();
  }

  @BeforeEach
  void open() {
    terminal =
        new Terminal(folder, Map.of("TEMPORAL_ADDRESS", stack.endpoints().temporal().target()));
    BROKEN.set(false);
  }

  @Test
  void aScheduleLooksActiveOnlyOnceItIs() {
    assertThat(schedule("data_pipeline")).isEqualTo("NOT_APPLIED");
    assertThat(terminal.millrace("dags", "list")).isEqualTo(ExitCode.OK);
    assertThat(terminal.out()).contains("@hourly", "not applied").doesNotContain("active");
    assertThat(terminal.err()).contains("no DAG starts by itself", "`millrace schedules apply`");
    assertThat(terminal.millrace("schedules", "list")).isEqualTo(ExitCode.OK);
    assertThat(terminal.err()).contains("`millrace schedules apply`");
    assertThat(terminal.millrace("schedules", "pause", "data_pipeline", "--reason", "why"))
        .isEqualTo(ExitCode.USAGE);
    assertThat(terminal.err()).contains("is not on the server", "`millrace schedules apply`");
    assertThat(terminal.millrace("schedules", "pause", "data_pipelin", "--reason", "why"))
        .isEqualTo(ExitCode.USAGE);
    assertThat(terminal.err())
        .contains("no schedule 'data_pipelin'", "did you mean 'data_pipeline'");

    assertThat(terminal.millrace("schedules", "apply")).isEqualTo(ExitCode.OK);
    Awaitility.await().until(() -> schedule("data_pipeline").equals("ACTIVE"));
    assertThat(dag("data_pipeline").path("next_run").asText()).isGreaterThan(now());
    assertThat(terminal.millrace("schedules", "pause", "data_pipeline", "--reason", "why"))
        .isZero();
    Awaitility.await().until(() -> schedule("data_pipeline").equals("PAUSED"));
    assertThat(dag("data_pipeline").path("next_run").isNull()).isTrue();
    assertThat(schedule("flink_deploy")).isEqualTo("PAUSED");
  }

  @Test
  void theFailedTasksOfARangeOfDatesAreDoneAgain() {
    BROKEN.set(true);
    assertThat(
            terminal.millrace(
                "backfill",
                "create",
                "data_pipeline",
                "--from-date",
                "2026-03-01T00:00:00Z",
                "--to-date",
                "2026-03-01T02:00:00Z",
                "--wait"))
        .isEqualTo(ExitCode.FAILED);
    BROKEN.set(false);
    Awaitility.await().until(() -> failed().size() == 3);

    assertThat(terminal.millrace("backfill", "list", "--dag", "data_pipeline", "--json")).isZero();
    assertThat(terminal.json().get(0).path("backfill_id").asText()).startsWith(RANGE);
    assertThat(terminal.json().get(0).path("state").asText()).isEqualTo("FAILED");
    assertThat(terminal.millrace("runs", "list", "--limit", "50", "--json")).isZero();
    List<String> started = terminal.json().findValuesAsText("started_at");
    assertThat(started).isSortedAccordingTo((a, b) -> Instant.parse(b).compareTo(Instant.parse(a)));
    assertThat(terminal.json().findValuesAsText("dag")).doesNotContain("millrace_backfill");
    assertThat(terminal.millrace("runs", "list", "--all", "--limit", "50")).isZero();
    assertThat(terminal.out()).contains(RANGE, "millrace_backfill");
    assertThat(dag("data_pipeline").path("last_state").asText()).isNotEmpty();

    assertThat(clear("--dry-run")).isEqualTo(ExitCode.OK);
    assertThat(terminal.out())
        .contains("would", "rerun", "2026-03-01T01:00:00Z", "2026-03-01T02:00:00Z");
    assertThat(clear()).isEqualTo(ExitCode.USAGE);
    assertThat(terminal.err()).contains("2 runs would be done again", "--yes");
    assertThat(failed()).hasSize(3);
    assertThat(clear("--yes", "--why", "the stone was broken")).isEqualTo(ExitCode.OK);
    assertThat(terminal.out()).contains("started data_pipeline-");
    // Of each date the last run counts: the two that were done again have not failed any more.
    Awaitility.await()
        .untilAsserted(
            () -> {
              assertThat(clear("--dry-run")).isEqualTo(ExitCode.OK);
              assertThat(terminal.err()).contains("no run of these dates has a failed task");
            });
    assertThat(failed()).hasSize(3);
  }

  @Test
  void aScriptGetsTheIdsOfRunsAlone() {
    assertThat(terminal.millrace("dags", "trigger", "data_pipeline", "--wait", "--quiet")).isZero();
    String id = terminal.out().strip();
    assertThat(id).matches("data_pipeline-[0-9TZ:.-]+");
    assertThat(terminal.millrace("runs", "rerun", id, "--quiet")).isZero();
    assertThat(terminal.out().strip()).matches("data_pipeline-[0-9TZ:.-]+").isNotEqualTo(id);
    Awaitility.await()
        .untilAsserted(
            () -> {
              assertThat(terminal.millrace("runs", "list", "--limit", "50", "--quiet")).isZero();
              assertThat(terminal.out().lines()).contains(id).noneMatch(line -> line.contains(" "));
            });
  }

  @Test
  void anUnknownRunOrTaskIsAnsweredWithTheNearest() {
    assertThat(terminal.millrace("dags", "trigger", "data_pipeline", "--wait", "--json")).isZero();
    String id = terminal.json().path("run_id").asText();
    Awaitility.await()
        .untilAsserted(
            () -> {
              String typed = id.substring(0, id.length() - 2);
              assertThat(terminal.millrace("runs", "show", typed)).isEqualTo(ExitCode.USAGE);
              assertThat(terminal.err()).contains("no run '" + typed + "'", "did you mean '" + id);
            });
    assertThat(terminal.millrace("runs", "rerun", id, "--clear", "transform_dat"))
        .isEqualTo(ExitCode.USAGE);
    assertThat(terminal.err()).contains("did you mean 'transform_data'?");
    assertThat(terminal.millrace("pools", "show", "warehous")).isEqualTo(ExitCode.USAGE);
    assertThat(terminal.err()).contains("no pool 'warehous'");
    assertThat(terminal.millrace("complete", "--", "runs", "show", id.substring(0, 16))).isZero();
    assertThat(terminal.out()).contains(id);
    assertThat(terminal.millrace("complete", "--", "runs", "logs", id, "transf")).isZero();
    assertThat(terminal.out()).isEqualToIgnoringNewLines("transform_data");
    assertThat(terminal.millrace("complete", "--", "runs", "list", "--dag", "tr")).isZero();
    assertThat(terminal.out()).isEqualToIgnoringNewLines("training_pipeline");
  }

  @Test
  void aWrongNamespaceIsNamedByEveryCommandThatAsksTheServer() {
    Terminal elsewhere = terminal.with("TEMPORAL_NAMESPACE", "nope");
    List<String> faults = new ArrayList<>();
    for (List<String> command :
        List.of(
            List.of("runs", "list"),
            List.of("runs", "show", "x"),
            List.of("runs", "clear", "x"),
            List.of("runs", "cancel", "x"),
            List.of("runs", "rerun", "x"),
            List.of("runs", "answer", "x", "y", "z"),
            List.of("runs", "event", "x", "y"),
            List.of("dags", "list"),
            List.of("dags", "trigger", "data_pipeline"),
            List.of("schedules", "list"),
            List.of("schedules", "pause", "x", "--reason", "y"),
            List.of("backfill", "list"),
            List.of("backfill", "show", "x"),
            List.of("backfill", "pause", "x"),
            List.of("pools", "list"),
            List.of("pools", "show", "x"),
            List.of("assets", "list"),
            List.of("workers", "status"))) {
      int code = elsewhere.millrace(command.toArray(String[]::new));
      if (code != ExitCode.USAGE || !elsewhere.err().contains("has no namespace 'nope'")) {
        faults.add(command + " (" + code + "): " + elsewhere.err());
      }
    }
    assertThat(faults).isEmpty();
  }

  @Test
  void theTemporalCliIsCalledOnTheServerOfTheSettings() {
    List<String> called = new ArrayList<>();
    Map<String, String> environment =
        Map.of("TEMPORAL_ADDRESS", "there:7233", "TEMPORAL_NAMESPACE", "shop");
    PrintWriter writer = new PrintWriter(new StringWriter());
    Console console = new Console(writer, writer, false, 80, environment, folder, folder);
    CommandLine command =
        TemporalCommand.commandLine(
            console,
            (words, variables) -> {
              called.addAll(words.subList(1, words.size()));
              called.add(variables.get("TEMPORAL_ADDRESS"));
              called.add(variables.get("TEMPORAL_NAMESPACE"));
              return 7;
            });
    assertThat(command.execute("workflow", "list", "--limit", "3", "--help")).isEqualTo(7);
    assertThat(called)
        .containsExactly("workflow", "list", "--limit", "3", "--help", "there:7233", "shop");
  }

  private int clear(String... more) {
    List<String> words =
        new ArrayList<>(
            List.of(
                "tasks",
                "clear",
                "data_pipeline",
                "--from-date",
                "2026-03-01T01:00:00Z",
                "--to-date",
                "2026-03-01T02:00:00Z"));
    words.addAll(List.of(more));
    return terminal.millrace(words.toArray(String[]::new));
  }

  private List<String> failed() {
    assertThat(terminal.millrace("runs", "list", "--state", "failed", "--json")).isZero();
    return terminal.json().findValuesAsText("run_id");
  }

  private String schedule(String dag) {
    return dag(dag).path("schedule").asText();
  }

  private JsonNode dag(String name) {
    assertThat(terminal.millrace("dags", "list", "--json")).isZero();
    for (JsonNode dag : terminal.json()) {
      if (dag.path("dag").asText().equals(name)) {
        return dag;
      }
    }
    throw new AssertionError("no DAG " + name + " in " + terminal.out());
  }

  private static String now() {
    return Instant.now().toString();
  }

  /** Returns a plain value of each activity's type. */
  private static final class MadeUp implements DynamicActivity {
    private final Map<String, Type> types = Activities.results();

    @Override
    public Object execute(EncodedValues args) {
      String type = Activity.getExecutionContext().getInfo().getActivityType();
      if (BROKEN.get()) {
        throw ApplicationFailure.newNonRetryableFailure("the stone is broken", "Broken");
      }
      return Samples.of(types.get(type));
    }
  }
}
