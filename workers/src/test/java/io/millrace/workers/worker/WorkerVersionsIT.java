package io.millrace.workers.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.DagRunOps.Hold;
import io.millrace.engine.DagRuns;
import io.millrace.engine.asset.Asset;
import io.millrace.engine.asset.Assets;
import io.millrace.engine.backfill.BackfillRequest;
import io.millrace.engine.backfill.Backfills;
import io.millrace.engine.deployment.Deployment;
import io.millrace.engine.deployment.Deployment.State;
import io.millrace.engine.pool.PoolReport;
import io.millrace.engine.pool.Pools;
import io.millrace.engine.schedule.Timetable;
import io.millrace.stack.Component;
import io.millrace.stack.LocalStack;
import io.millrace.stack.process.ClassArchive;
import io.millrace.stack.process.ProcessSpec;
import io.millrace.workers.local.WorkerProcess;
import io.temporal.client.WorkflowClient;
import io.temporal.serviceclient.WorkflowServiceStubs;
import io.temporal.serviceclient.WorkflowServiceStubsOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The shipped worker as processes of different builds, on a real server. */
class WorkerVersionsIT {

  private static LocalStack stack;
  private static WorkflowServiceStubs service;
  private static WorkflowClient client;
  private static final List<Process> WORKERS = new ArrayList<>();

  @TempDir private Path folder;

  @BeforeAll
  static void start() {
    stack = LocalStack.forTests(Component.TEMPORAL);
    service =
        WorkflowServiceStubs.newServiceStubs(
            WorkflowServiceStubsOptions.newBuilder()
                .setTarget(stack.endpoints().temporal().target())
                .build());
    client = WorkflowClient.newInstance(service);
  }

  @AfterAll
  static void stop() {
    WORKERS.forEach(Process::destroyForcibly);
    service.shutdownNow();
    stack.close();
  }

  @Test
  void aRunEndsOnTheCodeThatBeganItAndTheDeadAreTakenOver() throws IOException {
    Deployment deployment = new Deployment(client, Pipeline.DEPLOYMENT);
    DagRuns runs = new DagRuns(client, Pipeline.TASK_QUEUE);
    Pools pools = new Pools(client, Pipeline.SYSTEM_QUEUE);
    worker("first", Map.of());
    assertThat(state(deployment, "first")).isEqualTo(State.CURRENT);
    String old = held(runs);
    awaitOpen(deployment, "first", 1);
    assertThat(pools.set("warehouse", 2).slots()).isEqualTo(2);
    new Assets(client, Pipeline.SYSTEM_QUEUE).emit(new Asset("grain"), null, "a test");
    aBackfillAndItsRunsArePinnedToo(deployment);

    Process second = worker("second", Map.of());
    assertThat(state(deployment, "second")).isEqualTo(State.INACTIVE);
    assertThat(log("second")).contains("Version second takes no runs", "promote second");
    String young = held(runs);
    awaitOpen(deployment, "first", 2);
    runs.cancel(young);
    deployment.promote("second");
    String next = held(runs);
    awaitOpen(deployment, "second", 1);
    assertThat(runs.hold(old, new Hold("list_new_objects", "a test", null))).isNotBlank();
    runs.cancel(old);
    Awaitility.await().until(() -> log("first"), text -> text.contains("Version first is drained"));

    // Gone without a word: the next that comes does their work.
    second.destroyForcibly().onExit().join();
    WORKERS.get(0).destroyForcibly().onExit().join();
    worker("third", Map.of());
    assertThat(state(deployment, "third")).isEqualTo(State.CURRENT);
    assertThat(runs.describe(next).logicalDate()).isNotNull();
    awaitOpen(deployment, "third", 1);
    assertThat(pools.report("warehouse").orElseThrow()).returns(2, PoolReport::slots);
    assertThat(new Assets(client, Pipeline.SYSTEM_QUEUE).events()).hasSize(1);

    WORKERS.get(2).destroyForcibly().onExit().join();
    worker("fourth", Map.of("WORKER_VERSIONING", "off"));
    assertThat(deployment.current()).isEmpty();
    assertThat(runs.describe(next).logicalDate()).isNotNull();
    runs.cancel(next);
    Awaitility.await().until(() -> runs.status(next), Predicate.isEqual("CANCELED"));
    String unversioned = held(runs);
    runs.cancel(unversioned);
  }

  private static void aBackfillAndItsRunsArePinnedToo(Deployment deployment) {
    Backfills backfills = new Backfills(client, Pipeline.TASK_QUEUE);
    Instant day = Instant.parse("2026-01-01T00:00:00Z");
    String id =
        backfills.start(BackfillRequest.of(Pipeline.DATA, Timetable.cron("@daily"), day, day));
    awaitOpen(deployment, "first", 3);
    assertThat(backfills.cancel(id, false, "seen enough", "a test")).isNotBlank();
    awaitOpen(deployment, "first", 1);
  }

  /** A run that waits before its first task. */
  private static String held(DagRuns runs) {
    String id =
        runs.trigger(
            Pipeline.DATA,
            Map.of("$run", Map.of("breakpoints", List.of("check_minio_connection"))));
    Awaitility.await().ignoreExceptions().until(() -> !runs.describe(id).tasks().isEmpty());
    return id;
  }

  private static State state(Deployment deployment, String buildId) {
    return deployment.versions().stream()
        .filter(version -> version.buildId().equals(buildId))
        .findFirst()
        .orElseThrow()
        .state();
  }

  private static void awaitOpen(Deployment deployment, String buildId, int runs) {
    Awaitility.await().until(() -> deployment.openRuns(buildId) == runs);
  }

  private Process worker(String buildId, Map<String, String> environment) throws IOException {
    Path home = stack.stack().config().home();
    Path data = stack.stack().config().state();
    ProcessSpec spec = new WorkerProcess(home, data, data, buildId, environment).spec();
    Path ready = folder.resolve(buildId + ".ready");
    ClassArchive classes = Objects.requireNonNull(spec.classes());
    ClassArchive.Start start = classes.start();
    ProcessBuilder builder =
        new ProcessBuilder(spec.command(start.options()))
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve(buildId + ".log").toFile());
    builder.environment().putAll(spec.environment());
    builder.environment().put(ReadyFile.VARIABLE, ready.toString());
    Process process = builder.start();
    WORKERS.add(process);
    Awaitility.await().until(() -> Files.exists(ready) || !process.isAlive());
    assertThat(process.isAlive()).as(log(buildId)).isTrue();
    classes.make(start);
    return process;
  }

  private String log(String buildId) throws IOException {
    return Files.readString(folder.resolve(buildId + ".log"));
  }
}
