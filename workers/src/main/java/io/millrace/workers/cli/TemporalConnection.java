package io.millrace.workers.cli;

import com.google.common.net.HostAndPort;
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
import io.temporal.client.WorkflowNotFoundException;
import io.temporal.serviceclient.WorkflowServiceStubs;
import io.temporal.serviceclient.WorkflowServiceStubsOptions;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Clock;
import java.util.List;

/** A connection to the Temporal server, and what the Web UI's pages are called. */
public final class TemporalConnection implements AutoCloseable {
  private static final String OWNER = "millrace";

  /** So many of the latest runs are searched for the one that a person may have meant. */
  private static final int LATEST = 200;

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
    requireListening(config);
    PayloadAccess payloads = PayloadAccess.of(settings);
    try {
      return new TemporalConnection(
          config,
          WorkflowServiceStubs.newConnectedServiceStubs(stubs(config), config.rpcTimeout()),
          payloads);
    } catch (StatusRuntimeException e) {
      payloads.close();
      throw CommandFailure.of(new TemporalFailures(config).explain(e), e);
    }
  }

  /** The first answer has no more time than any other, which only a deprecated option says. */
  @SuppressWarnings("deprecation")
  private static WorkflowServiceStubsOptions stubs(TemporalConfig config) {
    return WorkflowServiceStubsOptions.newBuilder(config.stubs())
        .setHealthCheckAttemptTimeout(config.rpcTimeout())
        .build();
  }

  /** On this machine a port that refuses says at once what gRPC would find out in seconds. */
  private static void requireListening(TemporalConfig config) {
    if (isOnThisMachine(config.target())
        && NoAnswer.refuses(config.target(), config.rpcTimeout())) {
      throw CommandFailure.of(new TemporalFailures(config).notRunning());
    }
  }

  private static boolean isOnThisMachine(String target) {
    try {
      InetAddress address = InetAddress.getByName(HostAndPort.fromString(target).getHost());
      return address.isLoopbackAddress();
    } catch (IllegalArgumentException | UnknownHostException e) {
      return false; // gRPC has other forms of targets
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

  /**
   * Why a run is not found: the server has no such namespace, or no such run; then with the nearest
   * id of the latest runs.
   */
  CommandFailure noSuchRun(String id, WorkflowNotFoundException missing) {
    return missing(missing, "run", id, "", "millrace runs list");
  }

  /** The same of a workflow of another kind, of which the query finds those that there are. */
  CommandFailure missing(
      WorkflowNotFoundException missing, String kind, String id, String query, String listedBy) {
    TemporalFailures failures = new TemporalFailures(config);
    if (failures.isOfNamespace(missing)) {
      return CommandFailure.of(failures.noNamespace(), missing);
    }
    List<String> latest = runs().list(query, LATEST).stream().map(DagRuns.Listed::runId).toList();
    return latest.contains(id) // it ended while it was asked
        ? CommandFailure.usage("%s '%s' has just ended; see `%s`".formatted(kind, id, listedBy))
        : Names.unknown(kind, id, latest, listedBy);
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
