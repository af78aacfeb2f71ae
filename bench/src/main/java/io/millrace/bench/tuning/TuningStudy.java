package io.millrace.bench.tuning;

import io.millrace.activities.training.ArtifactStore;
import io.millrace.activities.training.TrialDataCache;
import io.millrace.activities.tuning.TrialActivitiesImpl;
import io.millrace.activities.tuning.TrialTracker;
import io.millrace.bench.Figures;
import io.millrace.core.tuning.AshaRule;
import io.millrace.core.tuning.SearchSpace;
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
import io.temporal.worker.Worker;
import io.temporal.worker.WorkerFactory;
import io.temporal.worker.WorkerOptions;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.UUID;

/**
 * Our side: a fresh process with a worker of two slots, and two studies through a real Temporal
 * server, one after the other, with heartbeats, and checkpoints on a real S3 store. Not tracked, as
 * Ray's loggers are off too.
 */
final class TuningStudy {
  private static final int CHECKPOINT_EVERY = 25;
  private static final String QUEUE = "bench";

  /** The first on a worker that has just been started, the second on one that runs. */
  private static final int STUDIES = 2;

  private TuningStudy() {}

  @SuppressWarnings("try") // MinioClient.close() declares what may be an InterruptedException
  public static void main(String[] args) throws Exception {
    MinioClient s3 =
        MinioClient.builder()
            .endpoint(args[1])
            .region(args[2])
            .credentials(System.getenv("S3_ACCESS_KEY"), System.getenv("S3_SECRET_KEY"))
            .build();
    ArtifactStore store = new ArtifactStore(s3, ArtifactStore.BUCKET);
    store.ensureBucket();
    int rounds = Integer.parseInt(args[4]);
    boolean asha = args[5].equals("asha");
    WorkflowClient client = worker(args[0], store);
    DatasetRef table = TuneTable.ref(Path.of(args[3]));
    for (int study = 0; study < STUDIES; study++) {
      long start = System.nanoTime();
      TuningResult result = run(client, table, rounds, asha);
      System.out.printf(
          "result %.6f %d %.3f%n",
          result.bestLoss(), result.roundsTrained(), Figures.secondsSince(start));
    }
    System.exit(0); // the results are out; do not wait for idle pools
  }

  private static WorkflowClient worker(String target, ArtifactStore store) {
    WorkflowServiceStubs service =
        WorkflowServiceStubs.newServiceStubs(
            WorkflowServiceStubsOptions.newBuilder().setTarget(target).build());
    WorkflowClient client = WorkflowClient.newInstance(service);
    WorkerFactory factory = WorkerFactory.newInstance(client);
    factory.newWorker(QUEUE).registerWorkflowImplementationTypes(TuneHyperparametersImpl.class);
    Worker trials =
        factory.newWorker(
            TuneHyperparameters.TASK_QUEUE,
            WorkerOptions.newBuilder().setMaxConcurrentActivityExecutionSize(2).build());
    trials.registerActivitiesImplementations(
        new TrialActivitiesImpl(
            store, new TrialDataCache(TuneTable::load, 1), TrialTracker.NONE, Clock.systemUTC()));
    factory.start();
    return client;
  }

  private static TuningResult run(
      WorkflowClient client, DatasetRef table, int rounds, boolean asha) {
    String study = "bench-" + UUID.randomUUID();
    TuneHyperparameters workflow =
        client.newWorkflowStub(
            TuneHyperparameters.class,
            WorkflowOptions.newBuilder().setTaskQueue(QUEUE).setWorkflowId(study).build());
    return workflow.tune(
        new TuningRequest(
            study,
            Instant.EPOCH,
            table,
            SearchSpace.standard(),
            TuneTable.configurations(TuneTable.TRIALS),
            TuneTable.TRIALS,
            asha ? new AshaRule(10, rounds, 3) : AshaRule.none(rounds),
            0,
            4,
            CHECKPOINT_EVERY,
            1,
            null,
            null));
  }
}
