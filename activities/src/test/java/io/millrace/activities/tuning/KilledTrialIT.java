package io.millrace.activities.tuning;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.activities.registry.MlflowConfig;
import io.millrace.activities.registry.MlflowTracking;
import io.millrace.activities.training.ArtifactStore;
import io.millrace.activities.training.SyntheticDatasets;
import io.millrace.core.tuning.AshaRule;
import io.millrace.core.tuning.SearchSpace;
import io.millrace.stack.Component;
import io.millrace.stack.Endpoints;
import io.millrace.stack.LocalStack;
import io.millrace.testing.Waiting;
import io.millrace.workflows.training.DatasetRef;
import io.millrace.workflows.tuning.TuneHyperparameters;
import io.millrace.workflows.tuning.TuneHyperparametersImpl;
import io.millrace.workflows.tuning.TuningRequest;
import io.millrace.workflows.tuning.TuningResult;
import io.minio.MinioClient;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowOptions;
import io.temporal.serviceclient.WorkflowServiceStubs;
import io.temporal.serviceclient.WorkflowServiceStubsOptions;
import io.temporal.worker.WorkerFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mlflow.api.proto.Service;

/** A training worker is killed with SIGKILL in the middle of a trial. */
@Tag("chaos")
class KilledTrialIT {
  private static final int ROUNDS = 1_500;
  private static final int EVERY = 100;

  @TempDir Path folder;
  private final List<Process> workers = new ArrayList<>();
  private LocalStack stack;
  private MinioClient minio;
  private ArtifactStore store;
  private WorkflowServiceStubs service;
  private WorkerFactory factory;
  private WorkflowClient client;

  @BeforeEach
  void start() {
    stack = LocalStack.forTests(Component.TEMPORAL, Component.S3, Component.MLFLOW);
    Endpoints at = stack.endpoints();
    minio =
        MinioClient.builder()
            .endpoint(at.s3().endpoint())
            .region(at.s3().region())
            .credentials(at.s3().accessKey(), at.s3().secretKey())
            .build();
    store = new ArtifactStore(minio, ArtifactStore.BUCKET);
    service =
        WorkflowServiceStubs.newServiceStubs(
            WorkflowServiceStubsOptions.newBuilder().setTarget(at.temporal().target()).build());
    client = WorkflowClient.newInstance(service);
    factory = WorkerFactory.newInstance(client);
    factory.newWorker("it").registerWorkflowImplementationTypes(TuneHyperparametersImpl.class);
    factory.start();
  }

  @AfterEach
  void stop() throws Exception {
    for (Process worker : workers) {
      worker.destroyForcibly().waitFor();
    }
    factory.shutdownNow();
    service.shutdownNow();
    minio.close();
    stack.close();
  }

  @Test
  void goesOnFromTheLastCheckpointToTheSameResult() throws Exception {
    DatasetRef dataset = SyntheticDatasets.put(store, 11, 60_000);
    worker("first");
    TuningResult undisturbed = ended(tune("undisturbed", dataset));
    long before = roundsOf("first");

    CompletableFuture<TuningResult> disturbed = tune("disturbed", dataset);
    String checkpoint = "hyperparameter-tuning/xgb_model/disturbed/trial-0000.ckpt";
    Awaitility.await()
        .pollInterval(Duration.ofMillis(50))
        .until(() -> store.get(checkpoint).isPresent());
    workers.get(0).destroyForcibly().waitFor();
    long lost = roundsOf("first") - before;
    worker("second");
    TuningResult result = ended(disturbed);

    assertThat(lost).as("killed while it trained").isBetween((long) EVERY, (long) ROUNDS);
    assertThat(lost + roundsOf("second")).isBetween(2L * ROUNDS, 2L * ROUNDS + EVERY);
    assertThat(result.trials()).isEqualTo(undisturbed.trials());
    assertThat(result.bestLoss()).isEqualTo(undisturbed.bestLoss());
    assertEveryRoundIsLoggedOnce(result);
    assertThat(store.get(checkpoint)).as("checkpoints of an ended study").isEmpty();
  }

  private void assertEveryRoundIsLoggedOnce(TuningResult result) {
    try (MlflowTracking tracking =
        new MlflowTracking(MlflowConfig.of(stack.endpoints().mlflow().trackingUri()))) {
      String experiment = tracking.experiment(result.experiment());
      List<Service.Run> trials =
          tracking.runsByTag(experiment, "mlflow.parentRunId", result.studyRunId());
      assertThat(trials).hasSize(2);
      for (Service.Run trial : trials) {
        assertThat(tracking.metricHistory(trial.getInfo().getRunId(), "validation-logloss"))
            .extracting(Service.Metric::getStep)
            .hasSize(ROUNDS)
            .doesNotHaveDuplicates();
      }
    }
  }

  private CompletableFuture<TuningResult> tune(String study, DatasetRef dataset) {
    TuneHyperparameters workflow =
        client.newWorkflowStub(
            TuneHyperparameters.class,
            WorkflowOptions.newBuilder().setTaskQueue("it").setWorkflowId(study).build());
    TuningRequest request =
        new TuningRequest(
            study,
            Instant.parse("2026-11-01T00:00:00Z"),
            dataset,
            SearchSpace.standard(),
            List.of(),
            2,
            AshaRule.none(ROUNDS),
            5,
            1,
            EVERY,
            1,
            null,
            null);
    return WorkflowClient.execute(workflow::tune, request);
  }

  /** Waits as long as rounds are trained. */
  private TuningResult ended(CompletableFuture<TuningResult> study) {
    Waiting.until(
        "the study to end",
        () ->
            "%s after %d, %d rounds"
                .formatted(study.isDone(), roundsOf("first"), roundsOf("second")),
        state -> study.isDone());
    return study.join();
  }

  private long roundsOf(String worker) throws IOException {
    Path file = folder.resolve(worker);
    return Files.exists(file) ? Files.size(file) : 0;
  }

  private void worker(String name) throws IOException {
    Endpoints at = stack.endpoints();
    ProcessBuilder process =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx512m",
            "-XX:TieredStopAtLevel=1",
            "-cp",
            System.getProperty("java.class.path"),
            CountingWorker.class.getName(),
            at.temporal().target(),
            at.s3().endpoint(),
            at.s3().region(),
            at.mlflow().trackingUri(),
            folder.resolve(name).toString());
    process.environment().put("S3_ACCESS_KEY", at.s3().accessKey());
    process.environment().put("S3_SECRET_KEY", at.s3().secretKey());
    process.redirectErrorStream(true).redirectOutput(folder.resolve(name + ".log").toFile());
    workers.add(process.start());
  }
}
