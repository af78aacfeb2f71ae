package io.millrace.workflows.tuning;

import io.millrace.core.tuning.TrialParams;
import java.util.List;

/**
 * What a study found.
 *
 * @param experiment MLflow experiment with the study's run and its trials nested below, empty if
 *     the study was not tracked
 * @param studyRunId the study's MLflow run, or empty
 * @param bestTrial number of the trial with the lowest validation log loss; of equal ones the first
 * @param bestRounds rounds at which that trial's loss was lowest
 * @param bestLoss that loss
 * @param trials what became of each
 * @param roundsTrained of all trials together, without what was repeated after a crash
 */
public record TuningResult(
    String study,
    String experiment,
    String studyRunId,
    int bestTrial,
    TrialParams best,
    int bestRounds,
    double bestLoss,
    List<TrialOutcome> trials,
    long roundsTrained) {

  public TuningResult {
    trials = List.copyOf(trials);
  }

  /** How many trials ended like this. */
  public long count(TrialOutcome.Ended ended) {
    return trials.stream().filter(trial -> trial.ended() == ended).count();
  }
}
