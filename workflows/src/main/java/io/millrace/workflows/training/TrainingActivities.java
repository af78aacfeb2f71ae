package io.millrace.workflows.training;

import io.millrace.core.training.PromotionGate;
import io.millrace.workflows.PipelineFailure;
import io.temporal.activity.ActivityInterface;
import io.temporal.activity.ActivityMethod;

/**
 * Loads, trains and judges. Every method may be retried: objects are written under keys made from
 * the run, published by one PUT, and equal input gives equal bytes.
 */
@ActivityInterface
public interface TrainingActivities {

  /**
   * Freezes {@code dwh.vw_ml_purchase_prediction} as one object: the cart events whose label is
   * final. Heartbeats its row count.
   *
   * <p>Skips (the run stays green and the champion stays) if there are too few rows, or too few of
   * either label.
   */
  @ActivityMethod(name = "load_training_data")
  DatasetRef loadTrainingData(LoadRequest request);

  /**
   * Trains on training and validation rows. Heartbeats its round, keeps checkpoints and resumes
   * from the newest one; a resumed training gives bit for bit the model of an uninterrupted one.
   */
  @ActivityMethod(name = "train_final_model")
  CandidateRef trainFinalModel(FinalModelRequest request);

  /**
   * Scores candidate and baseline on the test rows, which nothing else has looked at, and compares
   * the candidate with the champion and with the best champion so far on those of the rows that the
   * other version has not learned from either.
   *
   * <p>Fails with {@link PipelineFailure#SCORES_UNUSABLE} if the candidate's scores are not
   * probabilities, and with {@link PipelineFailure#SCORER_DISAGREES} if serving's scorer would not
   * give what XGBoost gives: such a candidate must not be registered.
   */
  @ActivityMethod(name = "evaluate_model")
  Evaluation evaluateModel(EvaluationRequest request);

  /**
   * Applies the promotion gate. A task of its own so that the run's grid shows the decision; a
   * candidate that is held back is a result with reasons, not a failure.
   */
  @ActivityMethod(name = "judge_candidate")
  GateReport evaluateGate(PromotionGate gate, Evaluation evaluation);
}
