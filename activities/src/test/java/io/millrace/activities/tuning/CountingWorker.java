package io.millrace.activities.tuning;

import io.millrace.activities.registry.MlflowConfig;
import io.millrace.activities.registry.MlflowTracking;
import io.millrace.activities.registry.MlflowTrialTracker;
import io.millrace.activities.training.ArtifactStore;
import io.millrace.activities.training.Datasets;
import io.millrace.activities.training.TrialDataCache;
import io.millrace.core.models.PurchaseDefinition;
import io.millrace.workflows.tuning.TuneHyperparameters;
import io.minio.MinioClient;
import io.temporal.client.WorkflowClient;
import io.temporal.serviceclient.WorkflowServiceStubs;
import io.temporal.serviceclient.WorkflowServiceStubsOptions;
import io.temporal.worker.Worker;
import io.temporal.worker.WorkerFactory;
import io.temporal.worker.WorkerOptions;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;

/**
 * A training worker as a process of its own, to be killed. Writes a byte for each trained round.
 */
final class CountingWorker {
  private CountingWorker() {}

  public static void main(String[] args) throws IOException {
    String target = args[0];
    MinioClient s3 =
        MinioClient.builder()
            .endpoint(args[1])
            .region(args[2])
            .credentials(System.getenv("S3_ACCESS_KEY"), System.getenv("S3_SECRET_KEY"))
            .build();
    ArtifactStore store = new ArtifactStore(s3, ArtifactStore.BUCKET);
    Clock clock = new CountingClock(Files.newOutputStream(Path.of(args[4])));
    MlflowTracking tracking = new MlflowTracking(MlflowConfig.of(args[3]));
    WorkerFactory factory =
        WorkerFactory.newInstance(
            WorkflowClient.newInstance(
                WorkflowServiceStubs.newServiceStubs(
                    WorkflowServiceStubsOptions.newBuilder().setTarget(target).build())));
    Worker worker =
        factory.newWorker(
            TuneHyperparameters.TASK_QUEUE,
            WorkerOptions.newBuilder().setMaxConcurrentActivityExecutionSize(1).build());
    worker.registerActivitiesImplementations(
        new TrialActivitiesImpl(
            store,
            new TrialDataCache(new Datasets(PurchaseDefinition.MODEL, store), 2),
            new MlflowTrialTracker(tracking, Clock.systemUTC()),
            clock,
            Duration.ZERO));
    factory.start();
  }

  /** The training asks for the time once a round. */
  private static final class CountingClock extends Clock {
    private final OutputStream rounds;

    CountingClock(OutputStream rounds) {
      this.rounds = rounds;
    }

    @Override
    public ZoneId getZone() {
      return Clock.systemUTC().getZone();
    }

    @Override
    public Clock withZone(ZoneId zone) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Instant instant() {
      return Instant.ofEpochMilli(millis());
    }

    @Override
    public long millis() {
      try {
        rounds.write(1);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      return System.currentTimeMillis();
    }
  }
}
