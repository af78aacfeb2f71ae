package io.millrace.bench.engine;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.bench.Figures;
import io.millrace.bench.engine.EngineDag.Params;
import io.millrace.engine.DagRuns;
import io.millrace.engine.DagWorkers;
import io.millrace.engine.NodeState;
import io.millrace.engine.RunReport;
import io.millrace.engine.RunReport.RunState;
import io.millrace.engine.TaskReport;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowClientOptions;
import io.temporal.serviceclient.WorkflowServiceStubs;
import io.temporal.serviceclient.WorkflowServiceStubsOptions;
import io.temporal.worker.Worker;
import io.temporal.worker.WorkerFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeoutException;

/** Our side of the engine bench: one worker in this process, on a real Temporal server. */
final class EngineLoad implements AutoCloseable {
  private static final String QUEUE = "bench";
  private static final Duration LIMIT = Duration.ofMinutes(10);
  private static final int TICKS_A_SECOND = 100;

  private final long serverPid;
  private final WorkflowServiceStubs service;
  private final WorkflowClient client;
  private final WorkerFactory factory;
  private final EngineDag.NoopsImpl noops = new EngineDag.NoopsImpl();
  private final DagRuns runs;

  EngineLoad(String target, long serverPid) {
    this.serverPid = serverPid;
    this.service =
        WorkflowServiceStubs.newServiceStubs(
            WorkflowServiceStubsOptions.newBuilder().setTarget(target).build());
    this.client = WorkflowClient.newInstance(service, WorkflowClientOptions.getDefaultInstance());
    this.factory = WorkerFactory.newInstance(client, DagWorkers.factoryOptions(client));
    Worker worker = factory.newWorker(QUEUE, DagWorkers.options(200));
    DagWorkers.register(worker, EngineDag.Impl.class);
    worker.registerActivitiesImplementations(noops);
    factory.start();
    this.runs = new DagRuns(client, QUEUE);
  }

  /**
   * Runs one shape several times, one run after the other.
   *
   * @param tasks in one run
   */
  ObjectNode measure(Params params, int tasks, int times) throws TimeoutException {
    double[] walls = new double[times];
    double[] firsts = new double[times];
    double cpuBefore = cpuSeconds();
    double serverBefore = cpuOf(serverPid);
    int events = 0;
    for (int i = 0; i < times; i++) {
      noops.forget();
      long start = System.nanoTime();
      String run = runs.trigger("bench", params);
      RunReport report = runs.await(run, LIMIT);
      walls[i] = Figures.secondsSince(start);
      firsts[i] = (noops.firstStart() - start) / 1e6;
      if (report.state() != RunState.SUCCESS) {
        throw new IllegalStateException(run + " ended " + report.state() + ": " + failures(report));
      }
      events = client.fetchHistory(run).getEvents().size();
    }
    ObjectNode figures = figures(tasks, walls, firsts, cpuSeconds() - cpuBefore, events);
    return figures.put(
        "server_cpu_ms_per_task",
        Figures.round((cpuOf(serverPid) - serverBefore) * 1e3 / ((double) tasks * times)));
  }

  private static List<TaskReport> failures(RunReport report) {
    return report.tasks().stream()
        .filter(task -> task.state() == NodeState.FAILED)
        .limit(3)
        .toList();
  }

  /** Runs many at once, all triggered before the first is waited for. */
  ObjectNode measureTogether(Params params, int tasks, int count) throws TimeoutException {
    double cpuBefore = cpuSeconds();
    noops.forget();
    long start = System.nanoTime();
    List<String> started = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      started.add(runs.trigger("bench", params, "together-%d-%d".formatted(start, i)));
    }
    for (String run : started) {
      runs.await(run, LIMIT);
    }
    double wall = Figures.secondsSince(start);
    double first = (noops.firstStart() - start) / 1e6;
    int events = client.fetchHistory(started.get(0)).getEvents().size() * count;
    return figures(
        tasks * count, new double[] {wall}, new double[] {first}, cpuSeconds() - cpuBefore, events);
  }

  private static ObjectNode figures(
      int tasks, double[] walls, double[] firsts, double cpu, int events) {
    double wall = Figures.median(walls);
    ObjectNode node =
        Figures.JSON.createObjectNode().put("tasks", tasks).put("wall_s_p50", Figures.round(wall));
    node.set(
        "wall_s", Figures.JSON.valueToTree(Arrays.stream(walls).map(Figures::round).toArray()));
    return node.put("ms_per_task", Figures.round(wall * 1e3 / tasks))
        .put("tasks_per_s", Figures.round(tasks / wall))
        .put("first_start_ms_p50", Figures.round(Figures.median(firsts)))
        .put("first_start_ms_p99", Figures.round(Arrays.stream(firsts).max().orElseThrow()))
        .put("events_per_task", Figures.round((double) events / tasks))
        .put("cpu_ms_per_task", Figures.round(cpu * 1e3 / ((double) tasks * walls.length)));
  }

  /** Runs of {@link EngineSchedules#COUNT} schedules that are due in the same minute. */
  ObjectNode measureSchedules() throws InterruptedException {
    double before = cpuOf(serverPid);
    ObjectNode figures = EngineSchedules.measure(client, QUEUE, noops);
    return figures.put(
        "server_cpu_ms_per_schedule",
        Figures.round((cpuOf(serverPid) - before) * 1e3 / EngineSchedules.COUNT));
  }

  /** Of the server and of this process, which is worker and client. */
  double cpuSeconds() {
    return cpuOf(serverPid) + cpuOf(ProcessHandle.current().pid());
  }

  private static double cpuOf(long pid) {
    try {
      String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
      String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
      return (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) / (double) TICKS_A_SECOND;
    } catch (IOException e) {
      return 0; // not on Linux
    }
  }

  @Override
  public void close() {
    factory.shutdownNow();
    service.shutdownNow();
  }
}
