package io.millrace.activities.jobs;

import static io.millrace.activities.PipelineException.translated;

import io.millrace.activities.PipelineException;
import io.millrace.engine.Heartbeats;
import io.millrace.engine.TaskSkipped;
import io.millrace.workflows.PipelineFailure;
import io.millrace.workflows.jobs.DeployOutcome;
import io.millrace.workflows.jobs.HealthReport;
import io.millrace.workflows.jobs.HealthRequest;
import io.millrace.workflows.jobs.JobActivities;
import io.millrace.workflows.jobs.JobBuild;
import io.millrace.workflows.jobs.OutcomeRequest;
import io.millrace.workflows.jobs.RunningJob;
import io.millrace.workflows.jobs.SavepointRequest;
import io.millrace.workflows.jobs.SavepointResult;
import io.millrace.workflows.jobs.StartRequest;
import io.millrace.workflows.jobs.StartedJob;
import io.millrace.workflows.jobs.StopRequest;
import io.millrace.workflows.jobs.StoppedJob;
import io.minio.MinioClient;
import io.temporal.activity.Activity;
import io.temporal.activity.ActivityInfo;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The steps of deployments on a real cluster. */
public final class JobActivitiesImpl implements JobActivities {
  private static final Duration LOOK = Duration.ofSeconds(1);
  private static final int LOOKS_FOR_CAUSE = 4;

  private final FlinkApi flink;
  private final JobJars jars;
  private final SavepointRetention old;

  /**
   * Uses, and does not close, what it is given.
   *
   * @param own the jar of this worker's build
   */
  public JobActivitiesImpl(FlinkApi flink, MinioClient s3, Path own) {
    this.flink = flink;
    this.jars = new JobJars(s3, own);
    this.old = new SavepointRetention(s3, Savepoints.BUCKET);
  }

  @Override
  public JobBuild store(@Nullable String jar) {
    return during(alive -> jars.store(jar));
  }

  @Override
  public RunningJob findRunning(String job) {
    return during(
        alive -> {
          String deployment = UUID.randomUUID().toString();
          Optional<FlinkApi.Job> found = flink.running(job);
          if (found.isEmpty()) {
            return new RunningJob(job, deployment, null, null, 0);
          }
          String id = found.get().id();
          FlinkApi.Setup setup = flink.setup(id).orElseThrow(() -> vanished(job, id));
          return new RunningJob(job, deployment, id, setup.build(), setup.parallelism());
        });
  }

  @Override
  public StoppedJob stop(StopRequest request) {
    return during(
        alive -> new StopWithSavepoint(flink, new Savepoints(flink, alive)).stop(request));
  }

  @Override
  public StartedJob start(StartRequest request) {
    return during(
        alive -> {
          RunningJob before = request.running();
          String job = before.job();
          String build = request.build().sha256();
          String id = before.derivedId("new");
          if (flink.state(id).isEmpty()) {
            flink.running(job).ifPresent(other -> refuse(job, other));
            new JobSubmission(flink, jars)
                .submit(
                    build,
                    new FlinkApi.Submission(
                        job,
                        id,
                        request.parallelism(),
                        request.from(),
                        request.allowNonRestoredState()));
          }
          return new StartedJob(job, id, build, request.from());
        });
  }

  @Override
  public HealthReport watch(HealthRequest request) {
    return during(alive -> watch(request, alive));
  }

  private HealthReport watch(HealthRequest request, Runnable alive) {
    StartedJob job = request.started();
    HealthWatch watch = new HealthWatch(request.limits());
    long deadline = after(request.limits().startSeconds());
    boolean started = false;
    while (true) {
      boolean last = System.nanoTime() >= deadline;
      Optional<String> trouble = watch.add(sample(job));
      if (!started && watch.hasStarted()) {
        started = true;
        last = false;
        deadline = after(request.limits().windowSeconds());
      }
      if (trouble.isEmpty() && last) {
        trouble = watch.end();
      }
      if (trouble.isPresent()) {
        return unwell(job, trouble.get());
      } else if (last) {
        return new HealthReport(job.job(), true, watch.summary());
      }
      alive.run();
      Savepoints.pause(LOOK);
    }
  }

  private static long after(int seconds) {
    return System.nanoTime() + Duration.ofSeconds(seconds).toNanos();
  }

  private HealthReport unwell(StartedJob started, String trouble) {
    Optional<String> cause = flink.lastFailure(started.id());
    // Flink's answers are some seconds old, and the failure may be of this moment.
    for (int look = 0; look < LOOKS_FOR_CAUSE && cause.isEmpty(); look++) {
      Savepoints.pause(LOOK);
      cause = flink.lastFailure(started.id());
    }
    String reason = cause.map(found -> ": " + found).orElse("");
    return new HealthReport(
        started.job(), false, "%s: %s%s".formatted(started.job(), trouble, reason));
  }

  private HealthWatch.Sample sample(StartedJob started) {
    String id = started.id();
    String state = flink.state(id).orElseThrow(() -> vanished(started.job(), id));
    FlinkApi.Checkpoints checkpoints =
        flink.checkpoints(id).orElseThrow(() -> vanished(started.job(), id));
    return new HealthWatch.Sample(
        state, checkpoints.completed(), checkpoints.failed(), flink.figures(id));
  }

  @Override
  public DeployOutcome settle(OutcomeRequest request) {
    return during(
        alive ->
            new Rollback(flink, new JobSubmission(flink, jars), new Savepoints(flink, alive))
                .settle(request));
  }

  @Override
  public SavepointResult savepoint(SavepointRequest request) {
    ActivityInfo info = Activity.getExecutionContext().getInfo();
    String step = info.getWorkflowRunId() + "/" + info.getActivityId();
    return during(
        alive -> {
          String job = request.job();
          FlinkApi.Job running =
              flink.running(job).orElseThrow(() -> TaskSkipped.because("No job " + job + " runs"));
          FlinkApi.Operation taken =
              new Savepoints(flink, alive)
                  .take(job, running.id(), attempt -> hex(step + "/" + attempt), false);
          if (taken.location() == null) {
            throw new PipelineException(
                PipelineFailure.JOB_FAILED,
                "Job %s has no new savepoint, but still runs: %s".formatted(job, taken.failure()));
          }
          return new SavepointResult(job, taken.location(), old.deleteAllBut(request.keep(), job));
        });
  }

  private static String hex(String step) {
    return UUID.nameUUIDFromBytes(step.getBytes(StandardCharsets.UTF_8))
        .toString()
        .replace("-", "");
  }

  private static PipelineException vanished(String job, String id) {
    return new PipelineException(
        PipelineFailure.JOB_FAILED,
        "Flink knows no job %s (%s) any more: it was restarted meanwhile".formatted(id, job));
  }

  private static void refuse(String job, FlinkApi.Job other) {
    throw new PipelineException(
        PipelineFailure.JOB_FAILED,
        "A job %s runs already, as %s: clear the task find_running, and the deployment begins anew"
            .formatted(job, other.id()));
  }

  private static <R> R during(Function<Runnable, R> work) {
    try (Heartbeats heartbeats = Heartbeats.start()) {
      return translated(() -> work.apply(() -> heartbeats.progress("")));
    }
  }
}
