package io.millrace.bench.engine;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.bench.Figures;
import io.millrace.bench.JavaProcess;
import io.millrace.bench.engine.EngineDag.Params;
import io.millrace.bench.engine.EngineDag.Shape;
import io.millrace.engine.backfill.BackfillReport;
import io.millrace.engine.backfill.BackfillRequest;
import io.millrace.engine.backfill.Backfills;
import io.millrace.engine.schedule.Timetable;
import io.temporal.client.WorkflowClient;
import io.temporal.serviceclient.WorkflowServiceStubs;
import io.temporal.serviceclient.WorkflowServiceStubsOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A backfill of a year, 8 dates at once, on two worker processes of which each is killed once
 * ({@code kill -9}) and replaced while it goes on.
 */
final class EngineBackfill implements AutoCloseable {
  private static final String QUEUE = "bench-backfill";
  private static final String RUNS = "WorkflowType='bench' AND TaskQueue='%s'".formatted(QUEUE);
  private static final int DATES = 365;
  private static final int TASKS = 3;
  private static final Duration LIMIT = Duration.ofMinutes(10);

  private final String target;
  private final Path folder;
  private final Ledger ledger;
  private final WorkflowServiceStubs service;
  private final List<Process> workers = new ArrayList<>();

  EngineBackfill(String target, Path work) throws IOException {
    this.target = target;
    this.folder = Files.createTempDirectory(Files.createDirectories(work), "ledger-");
    this.ledger = new Ledger(folder);
    this.service =
        WorkflowServiceStubs.newServiceStubs(
            WorkflowServiceStubsOptions.newBuilder().setTarget(target).build());
  }

  /** Runs it; what was lost or done twice is in the figures, and should be 0. */
  ObjectNode measure() throws IOException, TimeoutException {
    for (int i = 0; i < 2; i++) {
      workers.add(start());
    }
    WorkflowClient client = WorkflowClient.newInstance(service);
    Backfills backfills = new Backfills(client, QUEUE);
    long begun = System.nanoTime();
    String id =
        backfills.start(
            BackfillRequest.of(
                    "bench",
                    Timetable.cron("@daily"),
                    Instant.parse("2025-01-01T00:00:00Z"),
                    Instant.parse("2025-12-31T00:00:00Z"))
                .withMaxActiveRuns(8)
                .withParams(Figures.JSON.valueToTree(new Params(Shape.CHAIN, TASKS, 1, false))));
    for (int kill = 0; kill < 2; kill++) {
      awaitEffects(DATES * TASKS * (kill + 1) / 3);
      workers.get(kill).destroyForcibly().onExit().join();
      workers.add(start());
    }
    BackfillReport report = backfills.await(id, LIMIT);
    double wall = Figures.secondsSince(begun);
    return Figures.JSON
        .createObjectNode()
        .put("dates", report.total())
        .put("succeeded", report.succeeded())
        .put("wall_s", Figures.round(wall))
        .put("kills", 2)
        .put("tasks", ledger.effects())
        .put("tasks_lost", DATES * TASKS - ledger.effects())
        .put("runs_lost", DATES - ledger.runs())
        .put("runs_twice", client.countWorkflows(RUNS).getCount() - ledger.runs())
        .put("tries_repeated_by_kills", ledger.repeated());
  }

  private Process start() throws IOException {
    return JavaProcess.of(EngineWorker.class, target, QUEUE, folder.toString())
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .start();
  }

  private void awaitEffects(int count) {
    long deadline = System.nanoTime() + LIMIT.toNanos();
    while (ledger.effects() < count) {
      if (System.nanoTime() > deadline) {
        throw new IllegalStateException(
            "only %d of %d tasks in %s".formatted(ledger.effects(), count, LIMIT));
      }
      try {
        TimeUnit.MILLISECONDS.sleep(50);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException("interrupted", e);
      }
    }
  }

  @Override
  public void close() {
    workers.forEach(Process::destroyForcibly);
    service.shutdownNow();
  }
}
