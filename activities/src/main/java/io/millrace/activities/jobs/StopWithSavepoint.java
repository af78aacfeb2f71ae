package io.millrace.activities.jobs;

import io.millrace.activities.PipelineException;
import io.millrace.workflows.PipelineFailure;
import io.millrace.workflows.jobs.RunningJob;
import io.millrace.workflows.jobs.StopRequest;
import io.millrace.workflows.jobs.StoppedJob;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends a job where another can go on: at a savepoint, or else at what the next program finds to be
 * the newest in the store, as Flink's answers about a job that ended may be some seconds old.
 */
final class StopWithSavepoint {
  private static final Logger logger = LoggerFactory.getLogger(StopWithSavepoint.class);

  private final FlinkApi flink;
  private final Savepoints savepoints;

  StopWithSavepoint(FlinkApi flink, Savepoints savepoints) {
    this.flink = flink;
    this.savepoints = savepoints;
  }

  /** See {@code JobActivities.stop}. */
  StoppedJob stop(StopRequest request) {
    RunningJob running = request.running();
    if (running.id() == null) {
      return new StoppedJob(running.job(), null);
    }
    Optional<String> state = flink.state(running.id());
    if (state.isPresent()) {
      return stop(request, running.id(), state.get());
    }
    // The cluster was restarted, and with it the job under another id, or not.
    return flink
        .running(running.job())
        .map(job -> stop(request, job.id(), job.state()))
        .orElseGet(() -> new StoppedJob(running.job(), null));
  }

  private StoppedJob stop(StopRequest request, String id, String state) {
    RunningJob running = request.running();
    if (FlinkApi.hasEnded(state)) {
      return new StoppedJob(running.job(), savepointOfATryBefore(running, id));
    }
    FlinkApi.Operation savepoint =
        savepoints.take(running.job(), id, attempt -> trigger(running, attempt), true);
    if (savepoint.location() != null) {
      String unused = savepoints.untilEnded(id);
      logger.info("Job {} stopped at {}", running.job(), savepoint.location());
      return new StoppedJob(running.job(), savepoint.location());
    }
    if (!request.withoutSavepoint()) {
      throw new PipelineException(
          PipelineFailure.JOB_FAILED,
          ("Job %s still runs, as %d savepoints failed: %s. Mend that, or let it go on from its"
                  + " newest checkpoint with the parameter withoutSavepoint")
              .formatted(running.job(), Savepoints.TRIES, savepoint.failure()));
    }
    flink.cancel(id);
    String unused = savepoints.untilEnded(id);
    return new StoppedJob(running.job(), null);
  }

  private static String trigger(RunningJob running, int attempt) {
    return running.derivedId("stop-" + attempt);
  }

  private @Nullable String savepointOfATryBefore(RunningJob running, String id) {
    for (int attempt = 0; attempt < Savepoints.TRIES; attempt++) {
      Optional<String> location =
          flink.savepoint(id, trigger(running, attempt)).map(FlinkApi.Operation::location);
      if (location.isPresent()) {
        return location.get();
      }
    }
    return null;
  }
}
