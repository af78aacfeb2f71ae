package io.millrace.workers.cli;

import io.grpc.StatusRuntimeException;
import io.millrace.engine.DagRuns;
import io.millrace.engine.asset.Assets;
import io.millrace.engine.backfill.Backfills;
import io.millrace.engine.deployment.Deployment;
import io.millrace.engine.deployment.Poller;
import io.millrace.engine.deployment.Pollers;
import io.millrace.engine.pool.Pools;
import io.millrace.engine.schedule.DagSchedule;
import io.millrace.engine.schedule.ScheduleReconciler;
import io.millrace.engine.schedule.ScheduleWatches;
import io.millrace.engine.schedule.Schedules;
import io.millrace.workers.config.Settings;
import io.millrace.workers.config.TemporalConfig;
import io.millrace.workers.payload.PayloadAccess;
import io.millrace.workers.worker.Pipeline;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowClientOptions;
import io.temporal.serviceclient.WorkflowServiceStubs;
import java.time.Clock;
import java.util.List;

/** A connection to the Temporal server, and what the Web UI's pages are called. */
public final class TemporalConnection implements AutoCloseable {
  private static final String OWNER = "millrace";

  private final TemporalConfig config;
  private final WorkflowServiceStubs service;
  private final PayloadAccess payloads;

  private TemporalConnection(
      TemporalConfig config, WorkflowServiceStubs service, PayloadAccess payloads) {
    this.config = config;
    this.service = service;
    this.payloads = payloads;
  }

  /** Connects as the settings of a command say, or fails with exit code 3. */
  static TemporalConnection open(Console console) {
    return open(Millrace.settings(console));
  }

  /** Connects to the server of the settings, or fails with exit code 3. */
  public static TemporalConnection open(Settings settings) {
    return open(TemporalConfig.from(settings), settings);
  }

  /** Connects, or fails with exit code 3; the settings say how payloads are written. */
  public static TemporalConnection open(TemporalConfig config, Settings settings) {
    PayloadAccess payloads = PayloadAccess.of(settings);
    try {
      return new TemporalConnection(
          config,
          WorkflowServiceStubs.newConnectedServiceStubs(config.stubs(), config.rpcTimeout()),
          payloads);
    } catch (StatusRuntimeException | IllegalStateException e) {
      throw CommandFailure.unreachable(
          NoAnswer.within(
              "the Temporal server", config.target(), config.rpcTimeout(), "temporal.rpc-timeout"),
          e);
    }
  }

  /** Runs of DAGs. */
  public DagRuns runs() {
    // A worker may have to replay a run before it answers.
    return new DagRuns(client(), Pipeline.TASK_QUEUE, config.rpcTimeout().multipliedBy(3));
  }

  /** The plain client. */
  public WorkflowClient client() {
    return WorkflowClient.newInstance(
        service,
        WorkflowClientOptions.newBuilder()
            .setNamespace(config.namespace())
            .setDataConverter(payloads.converter())
            .build());
  }

  /** Schedules that are declared. */
  ScheduleReconciler reconciler() {
    return new ScheduleReconciler(client(), Pipeline.TASK_QUEUE, OWNER);
  }

  /** Schedules that the server has. */
  Schedules schedules() {
    return new Schedules(client());
  }

  Backfills backfills() {
    return new Backfills(client(), Pipeline.TASK_QUEUE);
  }

  /** Starts the watch over the schedules' counters, unless it runs. */
  void watchSchedules() {
    ScheduleWatches.ensureRunning(client(), Pipeline.SYSTEM_QUEUE);
  }

  Pools pools() {
    return new Pools(client(), Pipeline.SYSTEM_QUEUE);
  }

  Assets assets() {
    return new Assets(client(), Pipeline.SYSTEM_QUEUE);
  }

  Deployment deployment() {
    return new Deployment(client(), Pipeline.DEPLOYMENT);
  }

  /** The workers that poll our queues. */
  List<Poller> pollers() {
    return new Pollers(client(), Clock.systemUTC()).alive(Pipeline.QUEUES);
  }

  /** Makes the pools that limit the active runs of schedules as large as declared. */
  void declareRunSlots(List<DagSchedule> declared) {
    Pools pools = pools();
    declared.stream()
        .filter(schedule -> schedule.maxActiveRuns() > 0)
        .forEach(schedule -> pools.declare("runs." + schedule.dag(), schedule.maxActiveRuns()));
  }

  /** The Web UI's page of a run. */
  public String runUrl(String runId) {
    return config.runUrl(runId);
  }

  /** The Web UI's form that starts a DAG, filled in. */
  public static String startUrl(TemporalConfig config, Pipeline pipeline) {
    return workflows(config)
        + "/start-workflow?workflowId="
        + WebAddress.encode(pipeline.name() + "-by-hand")
        + "&taskQueue="
        + WebAddress.encode(Pipeline.TASK_QUEUE)
        + "&workflowType="
        + WebAddress.encode(pipeline.name());
  }

  /** The Web UI's list of the runs that a query finds. */
  static String queryUrl(TemporalConfig config, String query) {
    return workflows(config) + "?query=" + WebAddress.encode(query);
  }

  private static String workflows(TemporalConfig config) {
    return config.uiUrl() + "/namespaces/" + WebAddress.encode(config.namespace()) + "/workflows";
  }

  @Override
  public void close() {
    service.shutdownNow();
    payloads.close();
  }
}
