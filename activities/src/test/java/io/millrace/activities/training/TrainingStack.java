package io.millrace.activities.training;

import io.millrace.activities.registry.MlflowConfig;
import io.millrace.activities.registry.MlflowRegistry;
import io.millrace.activities.registry.MlflowTracking;
import io.millrace.activities.registry.MlflowTrialTracker;
import io.millrace.activities.registry.RegistryActivitiesImpl;
import io.millrace.activities.registry.RegistryChampions;
import io.millrace.activities.tuning.TrialActivitiesImpl;
import io.millrace.core.models.PurchaseDefinition;
import io.millrace.core.registry.ModelRegistry;
import io.millrace.engine.DagWorkers;
import io.millrace.engine.notify.NotifyWorkers;
import io.millrace.stack.Component;
import io.millrace.stack.Endpoints;
import io.millrace.stack.LocalStack;
import io.millrace.workflows.training.TrainingPipelineImpl;
import io.millrace.workflows.tuning.TuneHyperparameters;
import io.millrace.workflows.tuning.TuneHyperparametersImpl;
import io.minio.MinioClient;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowClientOptions;
import io.temporal.serviceclient.WorkflowServiceStubs;
import io.temporal.serviceclient.WorkflowServiceStubsOptions;
import io.temporal.worker.Worker;
import io.temporal.worker.WorkerFactory;
import io.temporal.worker.WorkerOptions;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.postgresql.ds.PGSimpleDataSource;

/** The training pipeline on real servers, with a worker in this JVM. */
public final class TrainingStack implements AutoCloseable {
  public static final String QUEUE = "millrace";

  private final LocalStack stack;
  public final MlflowRegistry registry;
  public final MlflowTracking tracking;
  public final ArtifactStore store;
  public final WorkflowClient client;
  private final MinioClient minio;
  private final WorkflowServiceStubs service;
  private final WorkerFactory factory;
  private final TrialActivitiesImpl trials;

  public TrainingStack() {
    stack =
        LocalStack.forTests(Component.TEMPORAL, Component.POSTGRES, Component.S3, Component.MLFLOW);
    Endpoints at = stack.endpoints();
    minio = minio(at.s3());
    store = new ArtifactStore(minio, ArtifactStore.BUCKET);
    MlflowConfig mlflow = MlflowConfig.of(at.mlflow().trackingUri());
    tracking = new MlflowTracking(mlflow);
    registry = new MlflowRegistry(mlflow);
    service =
        WorkflowServiceStubs.newServiceStubs(
            WorkflowServiceStubsOptions.newBuilder().setTarget(at.temporal().target()).build());
    client =
        WorkflowClient.newInstance(
            service,
            WorkflowClientOptions.newBuilder().setNamespace(at.temporal().namespace()).build());
    trials =
        new TrialActivitiesImpl(
            store,
            new TrialDataCache(new Datasets(PurchaseDefinition.MODEL, store), 2),
            new MlflowTrialTracker(tracking, Clock.systemUTC()),
            Clock.systemUTC(),
            Duration.ZERO);
    factory = WorkerFactory.newInstance(client);
    startWorkers();
  }

  private void startWorkers() {
    PGSimpleDataSource warehouse = new PGSimpleDataSource();
    Endpoints.Postgres postgres = stack.endpoints().postgres();
    warehouse.setUrl(postgres.jdbcUrl());
    warehouse.setUser(postgres.user());
    warehouse.setPassword(postgres.password());
    TrainingActivitiesImpl training =
        new TrainingActivitiesImpl(
            PurchaseDefinition.MODEL,
            warehouse,
            store,
            new RegistryChampions(PurchaseDefinition.MODEL, registry),
            Clock.systemUTC());
    Worker io = factory.newWorker(QUEUE);
    DagWorkers.register(io, TrainingPipelineImpl.class, TuneHyperparametersImpl.class);
    NotifyWorkers.registerForTests(io, notification -> {});
    io.registerActivitiesImplementations(
        training,
        new RegistryActivitiesImpl(
            PurchaseDefinition.MODEL,
            tracking,
            registry,
            new ModelRegistry(registry, (model, version) -> {}, model -> {}, Clock.systemUTC()),
            store));
    Worker cpu =
        factory.newWorker(
            TuneHyperparameters.TASK_QUEUE,
            WorkerOptions.newBuilder().setMaxConcurrentActivityExecutionSize(2).build());
    cpu.registerActivitiesImplementations(training, trials);
    factory.start();
  }

  public Endpoints endpoints() {
    return stack.endpoints();
  }

  public static MinioClient minio(Endpoints.S3 s3) {
    return MinioClient.builder()
        .endpoint(s3.endpoint())
        .region(s3.region())
        .credentials(s3.accessKey(), s3.secretKey())
        .build();
  }

  /** Fills the table that stands in for the warehouse's view. */
  public int fill(long seed, int events) throws java.sql.SQLException {
    Endpoints.Postgres at = endpoints().postgres();
    return PurchaseTableSql.fill(at.jdbcUrl(), at.user(), at.password(), seed, events);
  }

  @Override
  public void close() {
    factory.shutdownNow();
    factory.awaitTermination(20, TimeUnit.SECONDS);
    service.shutdownNow();
    trials.close();
    tracking.close();
    closeMinio();
    stack.close();
  }

  private void closeMinio() {
    try {
      minio.close();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }
}
