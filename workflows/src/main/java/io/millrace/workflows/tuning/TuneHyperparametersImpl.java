package io.millrace.workflows.tuning;

import io.millrace.engine.Policy;
import io.millrace.workflows.PipelineFailure;
import io.temporal.activity.ActivityCancellationType;
import io.temporal.activity.ActivityOptions;
import io.temporal.common.RetryOptions;
import io.temporal.failure.ApplicationFailure;
import io.temporal.workflow.Workflow;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/**
 * Guarantees: the same request on the same data chooses the same trial, whatever the number of
 * workers, their speed, or how often they are killed. A trial between two rungs is a checkpoint on
 * S3 and holds no worker.
 *
 * <p>Ends when every trial has completed, been stopped or failed; fails if fewer than {@code
 * minSuccessRatio} of them can still succeed, and cancels those in flight then. History: three
 * events for each trial and rung it reached.
 */
public final class TuneHyperparametersImpl implements TuneHyperparameters {
  private static final Logger LOG = Workflow.getLogger(TuneHyperparametersImpl.class);

  // A killed worker is noticed after this long; a round takes far less.
  private static final Duration HEARTBEAT_TIMEOUT = Duration.ofSeconds(20);

  // Of everything: trials keep their checkpoints in S3 and their figures in MLflow.
  private static final RetryOptions RETRY = Policy.PATIENT.retry().options();

  // Opening and closing talk to MLflow only: a few small calls for each trial.
  private static TrialActivities bookkeeping(String summary) {
    return Workflow.newActivityStub(
        TrialActivities.class,
        ActivityOptions.newBuilder()
            .setSummary(summary)
            .setTaskQueue(TASK_QUEUE)
            .setStartToCloseTimeout(Duration.ofMinutes(5))
            .setHeartbeatTimeout(HEARTBEAT_TIMEOUT)
            .setRetryOptions(RETRY)
            .build());
  }

  private @Nullable Study study;

  @Override
  public TuningResult tune(TuningRequest request) {
    StudyRef ref = bookkeeping("open_study").openStudy(request);
    Study running = new Study(request, ref, trialOptions());
    study = running;
    boolean enough = running.run();
    LOG.info("study={} {}", request.study(), running.summary());
    if (!enough) {
      throw ApplicationFailure.newNonRetryableFailure(
          "Tuning study %s failed: %s. First failure: %s"
              .formatted(request.study(), running.summary(), running.firstFailure()),
          PipelineFailure.TUNING_FAILED.name());
    }
    TuningResult result = running.result();
    boolean unused = bookkeeping("close_study").closeStudy(new StudyClosing(ref, result));
    return result;
  }

  @Override
  public List<TrialOutcome> trials() {
    return study == null ? List.of() : study.outcomes();
  }

  private static ActivityOptions trialOptions() {
    return ActivityOptions.newBuilder()
        .setTaskQueue(TASK_QUEUE)
        .setStartToCloseTimeout(Duration.ofHours(2))
        .setHeartbeatTimeout(HEARTBEAT_TIMEOUT)
        .setCancellationType(ActivityCancellationType.TRY_CANCEL)
        .setRetryOptions(RETRY)
        .build();
  }
}
