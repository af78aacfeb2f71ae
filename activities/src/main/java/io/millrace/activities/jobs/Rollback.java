package io.millrace.activities.jobs;

import io.millrace.activities.PipelineException;
import io.millrace.workflows.PipelineFailure;
import io.millrace.workflows.jobs.DeployOutcome;
import io.millrace.workflows.jobs.JobBuild;
import io.millrace.workflows.jobs.OutcomeRequest;
import io.millrace.workflows.jobs.RunningJob;
import java.util.Optional;

/**
 * Comes back to the build before, if the new one did not pass.
 *
 * <p>It goes on from the newest state of the two, which is the new build's if that completed a
 * checkpoint: what it published up to there is not published again, and nothing after it was. The
 * program finds that state in the store.
 */
final class Rollback {
  private final FlinkApi flink;
  private final JobSubmission submitting;
  private final Savepoints savepoints;

  Rollback(FlinkApi flink, JobSubmission submitting, Savepoints savepoints) {
    this.flink = flink;
    this.submitting = submitting;
    this.savepoints = savepoints;
  }

  DeployOutcome settle(OutcomeRequest request) {
    RunningJob before = request.running();
    String job = before.job();
    if (request.health() != null && request.health().passed()) {
      return new DeployOutcome(job, true, "the new build stays, as job " + before.derivedId("new"));
    }
    Optional<FlinkApi.Job> runs = flink.running(job);
    String back = before.derivedId("back");
    if (runs.isPresent() && runs.get().id().equals(back)) {
      return isBack(before, back); // an earlier attempt submitted it
    }
    if (runs.isPresent() && !runs.get().id().equals(before.derivedId("new"))) {
      return failed(job, "job %s runs, which was not touched".formatted(runs.get().id()));
    }
    runs.ifPresent(
        unwell -> {
          flink.cancel(unwell.id());
          String unused = savepoints.untilEnded(unwell.id());
        });
    return before.id() == null
        ? failed(job, "none ran before, and none runs now")
        : goBack(before, back);
  }

  private DeployOutcome goBack(RunningJob before, String back) {
    if (before.build() == null) {
      throw new PipelineException(
          PipelineFailure.JOB_FAILED,
          "No job %s runs, and the one before did not say of which build it was: deploy one with the parameter jar"
              .formatted(before.job()));
    }
    submitting.submit(
        before.build(),
        new FlinkApi.Submission(before.job(), back, before.parallelism(), null, false));
    return isBack(before, back);
  }

  /** The same for each attempt: waits until the job has started. */
  private DeployOutcome isBack(RunningJob before, String back) {
    String state = savepoints.untilStarted(back);
    String from = flink.checkpoints(back).map(FlinkApi.Checkpoints::restored).orElse("nothing");
    return failed(
        before.job(),
        "build %s is back as job %s, %s, from %s".formatted(brief(before), back, state, from));
  }

  private static DeployOutcome failed(String job, String runsNow) {
    return new DeployOutcome(job, false, "%s: %s".formatted(job, runsNow));
  }

  private static String brief(RunningJob before) {
    return before.build() == null ? "unknown" : JobBuild.brief(before.build());
  }
}
