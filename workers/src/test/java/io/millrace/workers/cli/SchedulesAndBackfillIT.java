package io.millrace.workers.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.backfill.Backfills;
import io.millrace.engine.schedule.Alerts;
import io.millrace.engine.schedule.ScheduleWatches;
import io.millrace.stack.Component;
import io.millrace.stack.LocalStack;
import io.millrace.workers.worker.Pipeline;
import io.temporal.client.WorkflowClient;
import io.temporal.serviceclient.WorkflowServiceStubs;
import io.temporal.serviceclient.WorkflowServiceStubsOptions;
import io.temporal.worker.Worker;
import io.temporal.worker.WorkerFactory;
import io.temporal.workflow.Workflow;
import io.temporal.workflow.WorkflowInterface;
import io.temporal.workflow.WorkflowMethod;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands against a real server, with a stand-in for the pipeline. */
class SchedulesAndBackfillIT {

  private static final String RANGE = "2026-03-01T00:00:00Z..2026-03-01T03:00:00Z";

  private static LocalStack stack;
  private static WorkflowServiceStubs service;
  private static WorkerFactory factory;

  @TempDir Path folder;
  private Terminal terminal;

  @BeforeEach
  void open() {
    terminal =
        new Terminal(folder, Map.of("TEMPORAL_ADDRESS", stack.endpoints().temporal().target()));
  }

  @BeforeAll
  static void start() {
    stack = LocalStack.forTests(Component.TEMPORAL);
    service =
        WorkflowServiceStubs.newServiceStubs(
            WorkflowServiceStubsOptions.newBuilder()
                .setTarget(stack.endpoints().temporal().target())
                .build());
    WorkflowClient client = WorkflowClient.newInstance(service);
    factory = WorkerFactory.newInstance(client);
    Worker worker = factory.newWorker(Pipeline.TASK_QUEUE);
    worker.registerWorkflowImplementationTypes(StandIn.Impl.class);
    Backfills.register(worker, client);
    ScheduleWatches.register(worker, client, Alerts.toLog());
    factory.start();
  }

  @AfterAll
  static void stop() {
    factory.shutdownNow();
    service.shutdownNow();
    stack.close();
  }

  @Test
  void schedulesAreAppliedListedPausedAndTriggered() {
    assertThat(terminal.millrace("schedules", "apply")).isEqualTo(ExitCode.OK);
    assertThat(terminal.out()).contains("data_pipeline", "create", "@hourly zone=UTC");
    assertThat(terminal.millrace("schedules", "apply")).isEqualTo(ExitCode.OK);
    assertThat(terminal.out()).contains("unchanged").doesNotContain("create");

    assertThat(terminal.millrace("schedules", "pause", "data_pipeline", "--reason", "frozen river"))
        .isEqualTo(ExitCode.OK);
    assertThat(terminal.millrace("schedules", "pause", "nobody", "--reason", "x"))
        .isEqualTo(ExitCode.USAGE);
    assertThat(terminal.err()).contains("there is no schedule 'nobody'");
    assertThat(terminal.millrace("schedules", "trigger", "data_pipeline")).isEqualTo(ExitCode.OK);
    Awaitility.await()
        .untilAsserted(
            () ->
                assertThat(fresh("schedules", "list"))
                    .containsPattern("data_pipeline +paused .* frozen river"));
    assertThat(fresh("schedules", "unpause", "data_pipeline")).contains("unpaused");
    assertThat(fresh("schedules", "list", "--json"))
        .contains("\"skipped\"", "\"missed\"", "\"dropped\"", "\"paused\" : false");
  }

  @Test
  void aBackfillIsCreatedWaitedForAndShown() {
    int created =
        terminal.millrace(
            "backfill",
            "create",
            "data_pipeline",
            "--from-date=2026-03-01T00:00:00Z",
            "--to-date=2026-03-01T03:00:00Z",
            "--max-active-runs=2",
            "--param",
            "prefix=landing/",
            "--wait");

    assertThat(created).as(terminal.err()).isEqualTo(ExitCode.OK);
    assertThat(terminal.out())
        .contains(
            "data_pipeline success: 4 dates, 0 planned, 0 running (at most 2), 4 succeeded",
            "/namespaces/default/workflows/backfill%2Fdata_pipeline%2F");
    assertThat(fresh("backfill", "show", "backfill/data_pipeline/" + RANGE))
        .contains("succeeded  data_pipeline-2026-03-01T03:00:00Z");
    assertThat(terminal.millrace("backfill", "pause", "backfill/data_pipeline/" + RANGE))
        .isNotEqualTo(ExitCode.OK);
    assertThat(terminal.millrace("backfill", "show", "backfill/none")).isEqualTo(ExitCode.USAGE);
    assertThat(terminal.err()).contains("there is no backfill 'backfill/none'");
  }

  private String fresh(String... arguments) {
    assertThat(terminal.millrace(arguments)).as(terminal.err()).isEqualTo(ExitCode.OK);
    return terminal.out();
  }

  /** Stands for the DAG. */
  @WorkflowInterface
  public interface StandIn {
    @WorkflowMethod(name = Pipeline.DATA)
    String run(@Nullable Object params);

    /** Takes a moment. */
    final class Impl implements StandIn {
      @Override
      public String run(@Nullable Object params) {
        Workflow.sleep(Duration.ofMillis(100));
        return String.valueOf(params);
      }
    }
  }
}
