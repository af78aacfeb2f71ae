package io.millrace.workflows.tuning;

import io.temporal.activity.ActivityInterface;
import io.temporal.activity.ActivityMethod;

/** Runs the trials of a study, on the task queue for CPU-bound work. */
@ActivityInterface
public interface TrialActivities {

  /**
   * Opens the study in MLflow: the experiment, its run, and a nested run for each trial.
   * Idempotent: a retry finds by tag what an earlier attempt made.
   */
  @ActivityMethod(name = "open_study")
  StudyRef openStudy(TuningRequest request);

  /**
   * Trains one trial to a rung from its newest checkpoint. Heartbeats its round and keeps a
   * checkpoint every few rounds, so that a killed worker costs at most that many. Equal requests
   * give bit for bit equal boosters however often they were interrupted. Metrics of a round are
   * logged once, even if the round is repeated.
   */
  @ActivityMethod(name = "train_trial")
  TrialReport trainTrial(TrialRequest request);

  /** Ends all runs of the study and deletes its checkpoints. Idempotent. */
  @ActivityMethod(name = "close_study")
  boolean closeStudy(StudyClosing closing);
}
