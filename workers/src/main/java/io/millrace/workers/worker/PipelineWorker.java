package io.millrace.workers.worker;

import com.uber.m3.tally.Scope;
import io.millrace.activities.alerts.AlertDelivery;
import io.millrace.activities.asset.AssetEventConsumer;
import io.millrace.core.alerts.Severity;
import io.millrace.engine.DagWorkers;
import io.millrace.engine.asset.Assets;
import io.millrace.engine.backfill.Backfills;
import io.millrace.engine.notify.Notifiers;
import io.millrace.engine.notify.NotifyInterceptor;
import io.millrace.engine.notify.NotifyWorkers;
import io.millrace.engine.pool.Pools;
import io.millrace.engine.schedule.Alerts;
import io.millrace.engine.schedule.ScheduleWatches;
import io.millrace.workers.config.MillraceConfig;
import io.millrace.workers.config.TemporalConfig;
import io.millrace.workers.config.WorkerConfig;
import io.millrace.workers.logs.TaskLogging;
import io.millrace.workers.payload.PayloadAccess;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowClientOptions;
import io.temporal.common.interceptors.WorkerInterceptor;
import io.temporal.serviceclient.WorkflowServiceStubs;
import io.temporal.serviceclient.WorkflowServiceStubsOptions;
import io.temporal.worker.Worker;
import io.temporal.worker.WorkerFactory;
import io.temporal.worker.WorkerFactoryOptions;
import io.temporal.worker.WorkerOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Polls the task queues and runs what comes, until it is stopped. */
final class PipelineWorker implements AutoCloseable {
  private final WorkflowServiceStubs service;
  private final WorkerFactory factory;
  private final WorkerVersion version;
  private final Optional<AssetEventConsumer> assetEvents;
  private final Optional<AlertDelivery> streamAlerts;
  private final PayloadSweeper sweeper;
  private final Declarations declarations;
  private final Duration grace;

  private PipelineWorker(
      WorkflowServiceStubs service,
      WorkerFactory factory,
      WorkerVersion version,
      Optional<AssetEventConsumer> assetEvents,
      Optional<AlertDelivery> streamAlerts,
      PayloadSweeper sweeper,
      Declarations declarations,
      Duration grace) {
    this.service = service;
    this.factory = factory;
    this.version = version;
    this.assetEvents = assetEvents;
    this.streamAlerts = streamAlerts;
    this.sweeper = sweeper;
    this.declarations = declarations;
    this.grace = grace;
  }

  /** Starts polling. The server must be there. */
  static PipelineWorker start(
      WorkflowServiceStubs service,
      MillraceConfig config,
      PayloadAccess payloads,
      TaskLogging logs,
      Lineage lineage,
      Implementations implementations,
      String buildId) {
    WorkerConfig limits = config.worker();
    WorkflowClient client =
        WorkflowClient.newInstance(
            service,
            WorkflowClientOptions.newBuilder()
                .setNamespace(config.temporal().namespace())
                .setDataConverter(payloads.converter())
                .build());
    WorkerFactory factory =
        WorkerFactory.newInstance(client, factoryOptions(client, limits, payloads, logs, lineage));
    WorkerVersion version = WorkerVersion.of(client, limits.versioning(), buildId);
    Worker main =
        factory.newWorker(
            Pipeline.TASK_QUEUE, version.options(options(limits, limits.activities())));
    register(main, implementations);
    Backfills.register(main, client);
    Notifiers notifiers = ConfiguredNotifiers.of(config.notifiers());
    NotifyWorkers.register(main, client, notifiers, config.temporal()::runUrl);
    register(
        factory.newWorker(
            Pipeline.TRAINING_QUEUE, version.options(options(limits, limits.trainings()))),
        implementations);
    Worker system = factory.newWorker(Pipeline.SYSTEM_QUEUE, options(limits, limits.activities()));
    DagWorkers.registerSystem(system);
    ScheduleWatches.register(system, client, Alerts.to(notifiers.together(List.of())));
    factory.start();
    version.start();
    ScheduleWatches.ensureRunning(client, Pipeline.SYSTEM_QUEUE);
    Assets assets = new Assets(client, Pipeline.SYSTEM_QUEUE, Pipeline.OWNER);
    assets.upgrade();
    return new PipelineWorker(
        service,
        factory,
        version,
        config.kafka().assetTopic().map(topic -> AssetEventConsumer.start(topic, assets::deliver)),
        streamAlerts(config, notifiers),
        PayloadSweeper.start(payloads, service, config.temporal().namespace()),
        Declarations.start(new Pools(client, Pipeline.SYSTEM_QUEUE), assets),
        limits.shutdownGrace());
  }

  /** What it polls. */
  List<String> queues() {
    return Pipeline.QUEUES;
  }

  /** A connection that has been made. */
  static WorkflowServiceStubs connect(TemporalConfig config, Scope metrics, Duration patience) {
    return WorkflowServiceStubs.newConnectedServiceStubs(
        WorkflowServiceStubsOptions.newBuilder(config.stubs()).setMetricsScope(metrics).build(),
        patience);
  }

  /** The pools of its namespace. */
  Pools pools() {
    return new Pools(factory.getWorkflowClient(), Pipeline.SYSTEM_QUEUE);
  }

  private static WorkerFactoryOptions factoryOptions(
      WorkflowClient client,
      WorkerConfig limits,
      PayloadAccess payloads,
      TaskLogging logs,
      Lineage lineage) {
    WorkerFactoryOptions dags = DagWorkers.factoryOptions(client);
    List<WorkerInterceptor> interceptors = new ArrayList<>();
    if (dags.getWorkerInterceptors() != null) {
      interceptors.addAll(List.of(dags.getWorkerInterceptors()));
    }
    interceptors.add(payloads.memos());
    interceptors.addAll(lineage.interceptors());
    interceptors.add(new NotifyInterceptor());
    interceptors.add(logs.interceptor());
    return WorkerFactoryOptions.newBuilder(dags)
        .setWorkflowCacheSize(limits.cachedWorkflows())
        .setWorkerInterceptors(interceptors.toArray(WorkerInterceptor[]::new))
        .build();
  }

  private static void register(Worker worker, Implementations implementations) {
    Class<?>[] workflows =
        Stream.concat(
                Pipeline.ALL.stream().map(Pipeline::implementation), Pipeline.CHILDREN.stream())
            .toArray(Class<?>[]::new);
    DagWorkers.registerVersioned(worker, Pipeline.SYSTEM_QUEUE, workflows);
    worker.registerActivitiesImplementations(implementations.activities().toArray());
  }

  /** Reads the streams' alerts if there is somebody to tell. */
  private static Optional<AlertDelivery> streamAlerts(MillraceConfig config, Notifiers notifiers) {
    Severity least = config.notifiers().streamAlerts();
    return least == null || config.notifiers().defaults().isEmpty()
        ? Optional.empty()
        : Optional.of(
            AlertDelivery.start(
                config.kafka().bootstrapServers(), least, notifiers.together(List.of())));
  }

  private static WorkerOptions options(WorkerConfig limits, int activities) {
    return WorkerOptions.newBuilder(DagWorkers.options(activities))
        .setMaxConcurrentWorkflowTaskExecutionSize(limits.workflowTasks())
        .build();
  }

  /** Takes no more work, lets running activities finish within the grace, then interrupts them. */
  @Override
  public void close() {
    declarations.close();
    sweeper.close();
    version.close();
    assetEvents.ifPresent(AssetEventConsumer::close);
    streamAlerts.ifPresent(AlertDelivery::close);
    factory.shutdown();
    factory.awaitTermination(grace.toMillis(), TimeUnit.MILLISECONDS);
    if (!factory.isTerminated()) {
      factory.shutdownNow();
      factory.awaitTermination(2, TimeUnit.SECONDS);
    }
    service.shutdownNow();
    service.awaitTermination(2, TimeUnit.SECONDS);
  }
}
