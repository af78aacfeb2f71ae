package io.millrace.workers.worker;

import io.millrace.engine.DagWorkers;
import io.millrace.engine.backfill.Backfills;
import io.millrace.engine.schedule.Alerts;
import io.millrace.engine.schedule.ScheduleWatches;
import io.millrace.workers.config.MillraceConfig;
import io.millrace.workers.config.TemporalConfig;
import io.millrace.workers.config.WorkerConfig;
import io.millrace.workers.payload.PayloadAccess;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowClientOptions;
import io.temporal.common.WorkerDeploymentVersion;
import io.temporal.common.interceptors.WorkerInterceptor;
import io.temporal.serviceclient.WorkflowServiceStubs;
import io.temporal.worker.Worker;
import io.temporal.worker.WorkerDeploymentOptions;
import io.temporal.worker.WorkerFactory;
import io.temporal.worker.WorkerFactoryOptions;
import io.temporal.worker.WorkerOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Polls both task queues and runs what comes, until it is stopped. */
final class PipelineWorker implements AutoCloseable {
  private static final String DEPLOYMENT = "millrace";

  private final WorkflowServiceStubs service;
  private final WorkerFactory factory;
  private final PayloadSweeper sweeper;
  private final Duration grace;

  private PipelineWorker(
      WorkflowServiceStubs service, WorkerFactory factory, PayloadSweeper sweeper, Duration grace) {
    this.service = service;
    this.factory = factory;
    this.sweeper = sweeper;
    this.grace = grace;
  }

  /** Starts polling. The server must be there. */
  static PipelineWorker start(
      WorkflowServiceStubs service,
      MillraceConfig config,
      PayloadAccess payloads,
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
        WorkerFactory.newInstance(client, factoryOptions(client, limits, payloads));
    Worker main =
        factory.newWorker(Pipeline.TASK_QUEUE, options(limits, limits.activities(), buildId));
    register(main, implementations);
    Backfills.register(main, client);
    ScheduleWatches.register(main, client, Alerts.toLog());
    register(
        factory.newWorker(Pipeline.TRAINING_QUEUE, options(limits, limits.trainings(), buildId)),
        implementations);
    factory.start();
    ScheduleWatches.ensureRunning(client, Pipeline.TASK_QUEUE);
    return new PipelineWorker(
        service,
        factory,
        PayloadSweeper.start(payloads, service, config.temporal().namespace()),
        limits.shutdownGrace());
  }

  /** What it polls. */
  List<String> queues() {
    return List.of(Pipeline.TASK_QUEUE, Pipeline.TRAINING_QUEUE);
  }

  /** A connection that has been made. */
  static WorkflowServiceStubs connect(TemporalConfig config, Duration patience) {
    return WorkflowServiceStubs.newConnectedServiceStubs(config.stubs(), patience);
  }

  private static WorkerFactoryOptions factoryOptions(
      WorkflowClient client, WorkerConfig limits, PayloadAccess payloads) {
    WorkerFactoryOptions dags = DagWorkers.factoryOptions(client);
    List<WorkerInterceptor> interceptors = new ArrayList<>();
    if (dags.getWorkerInterceptors() != null) {
      interceptors.addAll(List.of(dags.getWorkerInterceptors()));
    }
    interceptors.add(payloads.memos());
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
    DagWorkers.register(worker, workflows);
    worker.registerActivitiesImplementations(implementations.activities().toArray());
  }

  private static WorkerOptions options(WorkerConfig limits, int activities, String buildId) {
    return WorkerOptions.newBuilder(DagWorkers.options(activities))
        .setMaxConcurrentWorkflowTaskExecutionSize(limits.workflowTasks())
        .setDeploymentOptions(
            WorkerDeploymentOptions.newBuilder()
                .setUseVersioning(false)
                .setVersion(new WorkerDeploymentVersion(DEPLOYMENT, buildId))
                .build())
        .build();
  }

  /** Takes no more work, lets running activities finish within the grace, then interrupts them. */
  @Override
  public void close() {
    sweeper.close();
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
