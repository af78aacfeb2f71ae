package io.millrace.activities.jobs;

import io.millrace.activities.PipelineException;
import io.millrace.workflows.PipelineFailure;
import java.time.Duration;
import java.util.Optional;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Savepoints of jobs, each asked for once however often the step is tried. */
final class Savepoints {
  /** The bucket in which the jobs' programs look for what to go on from. */
  static final String BUCKET = "flink-checkpoints";

  private static final Duration PATIENCE = Duration.ofMinutes(5);
  private static final Duration PAUSE = Duration.ofMillis(200);

  static final int TRIES = 5;

  /** A job that has just been started has not all its tasks yet. */
  private static final Duration BETWEEN_TRIES = Duration.ofSeconds(2);

  private static final Logger logger = LoggerFactory.getLogger(Savepoints.class);

  private final FlinkApi flink;
  private final Runnable alive;

  /**
   * Prepares.
   *
   * @param alive called in every round of a wait; throws when it is to end
   */
  Savepoints(FlinkApi flink, Runnable alive) {
    this.flink = flink;
    this.alive = alive;
  }

  /** Where a job's savepoints lie. */
  private static String folder(String job) {
    return "s3://%s/%s/savepoints".formatted(BUCKET, job);
  }

  /**
   * Takes one, or waits for the one that was asked for before; a few times if need be.
   *
   * @param triggers the id of each try, always the same
   */
  FlinkApi.Operation take(String job, String id, IntFunction<String> triggers, boolean stop) {
    for (int attempt = 0; ; attempt++) {
      FlinkApi.Operation operation = take(job, id, triggers.apply(attempt), stop);
      if (operation.location() != null || attempt == TRIES - 1) {
        return operation;
      }
      logger.warn("Job {} has no savepoint: {}", job, operation.failure());
      pause(BETWEEN_TRIES);
    }
  }

  private FlinkApi.Operation take(String job, String id, String trigger, boolean stop) {
    if (flink.savepoint(id, trigger).isEmpty()) {
      flink.triggerSavepoint(id, folder(job), trigger, stop);
    }
    return until(
        "the savepoint of " + job,
        () ->
            flink.savepoint(id, trigger).filter(o -> o.location() != null || o.failure() != null));
  }

  /** Waits until the job has ended; gives its state. */
  String untilEnded(String id) {
    return until(
        "the end of job " + id,
        () ->
            Optional.of(flink.state(id).orElse("UNKNOWN"))
                .filter(s -> FlinkApi.hasEnded(s) || s.equals("UNKNOWN")));
  }

  /** Waits until the job runs, or has ended; gives its state. */
  String untilStarted(String id) {
    return until(
        "the start of job " + id,
        () -> flink.state(id).filter(s -> s.equals("RUNNING") || FlinkApi.hasEnded(s)));
  }

  private <T> T until(String what, Supplier<Optional<T>> found) {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (System.nanoTime() < deadline) {
      Optional<T> value = found.get();
      if (value.isPresent()) {
        return value.get();
      }
      alive.run();
      pause(PAUSE);
    }
    throw new PipelineException(
        PipelineFailure.UNAVAILABLE,
        "Waited %d minutes for %s: look at the job in Flink's Web UI"
            .formatted(PATIENCE.toMinutes(), what));
  }

  static void pause(Duration pause) {
    try {
      Thread.sleep(pause.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new PipelineException(PipelineFailure.UNAVAILABLE, "Interrupted while waiting", e);
    }
  }
}
