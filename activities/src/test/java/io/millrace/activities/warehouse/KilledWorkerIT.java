package io.millrace.activities.warehouse;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.core.events.Event;
import io.millrace.engine.RunReport;
import io.millrace.stack.Component;
import io.millrace.stack.Endpoints;
import io.millrace.stack.LocalStack;
import io.millrace.workflows.warehouse.DataPipeline;
import io.millrace.workflows.warehouse.DataPipelineParams;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowOptions;
import io.temporal.client.WorkflowStub;
import io.temporal.serviceclient.WorkflowServiceStubs;
import io.temporal.serviceclient.WorkflowServiceStubsOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A worker's process is killed (-9) while it ingests; another one takes the run to its end. */
@Tag("chaos")
class KilledWorkerIT {
  private static final int OBJECTS = 150;
  private static final int EVENTS_EACH = 400;
  private static final String QUEUE = "killed-worker";

  @Test
  void losesAndRepeatsNothing() throws Exception {
    try (LocalStack stack =
            LocalStack.forTests(Component.TEMPORAL, Component.POSTGRES, Component.S3);
        PipelineFixture rig = PipelineFixture.start(stack.endpoints())) {
      List<Event> events = TestEvents.some(OBJECTS * EVENTS_EACH);
      for (int i = 0; i < OBJECTS; i++) {
        rig.lake.put(
            "part-%03d".formatted(i), events.subList(i * EVENTS_EACH, (i + 1) * EVENTS_EACH));
      }
      WorkflowServiceStubs service =
          WorkflowServiceStubs.newServiceStubs(
              WorkflowServiceStubsOptions.newBuilder()
                  .setTarget(stack.endpoints().temporal().target())
                  .build());
      WorkflowStub run =
          WorkflowClient.newInstance(service)
              .newUntypedWorkflowStub(
                  DataPipeline.NAME, WorkflowOptions.newBuilder().setTaskQueue(QUEUE).build());
      Process first = worker(stack.endpoints(), rig);
      Process second = null;
      try {
        run.start(oneBatch(rig.params()));
        Awaitility.await().pollInterval(Duration.ofMillis(20)).until(() -> loaded(rig) >= 3);
        first.destroyForcibly().waitFor();
        long loadedAtDeath = loaded(rig);
        second = worker(stack.endpoints(), rig);

        RunReport report = run.getResult(RunReport.class);

        assertThat(loadedAtDeath).as("killed in the middle").isBetween(3L, OBJECTS - 1L);
        assertThat(report.state()).isEqualTo(RunReport.RunState.SUCCESS);
        assertThat(report.task("ingest_raw_data").progress()).isEqualTo("1/1");
        for (String table : List.of("bronze.events", "silver.events", "dwh.fact_events")) {
          assertThat(rig.number("SELECT count(*) FROM " + table)).isEqualTo(events.size());
        }
        assertThat(rig.number("SELECT count(*) FROM lake.objects WHERE state = 'loaded'"))
            .isEqualTo(OBJECTS);
        assertThat(
                rig.number(
                    "SELECT count(*) FROM lake.objects WHERE settled_at <= (SELECT max(settled_at)"
                        + " FROM (SELECT settled_at FROM lake.objects ORDER BY 1 LIMIT "
                        + loadedAtDeath
                        + ") before_death)"))
            .as("what was loaded before is not loaded again")
            .isEqualTo(loadedAtDeath);
      } finally {
        first.destroyForcibly();
        if (second != null) {
          second.destroyForcibly().waitFor();
        }
        service.shutdownNow();
      }
    }
  }

  private static long loaded(PipelineFixture rig) {
    return rig.number("SELECT count(*) FROM lake.objects WHERE state = 'loaded'");
  }

  private static DataPipelineParams oneBatch(DataPipelineParams params) {
    return new DataPipelineParams(
        params.bucket(),
        params.prefix(),
        OBJECTS,
        OBJECTS,
        params.batchBytes(),
        1,
        1,
        1_000_000,
        1);
  }

  private static Process worker(Endpoints at, PipelineFixture rig) throws IOException {
    ProcessBuilder process =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx256m",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-cp",
            System.getProperty("java.class.path"),
            WorkerProcess.class.getName());
    process.environment().putAll(WorkerProcess.environment(at, rig.jdbcUrl(), QUEUE));
    return process
        .redirectErrorStream(true)
        .redirectOutput(Path.of("target", "killed-worker.txt").toFile())
        .start();
  }
}
