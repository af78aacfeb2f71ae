package io.millrace.workflows.tuning;

import io.millrace.core.tuning.TrialParams;
import io.millrace.engine.Summary;
import io.millrace.workflows.training.DatasetRef;
import io.millrace.workflows.tuning.TrialOutcome.Ended;
import java.util.List;
import java.util.Locale;

/**
 * What a study found.
 *
 * @param dataset that the study was about
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
    DatasetRef dataset,
    String experiment,
    String studyRunId,
    int bestTrial,
    TrialParams best,
    int bestRounds,
    double bestLoss,
    List<TrialOutcome> trials,
    long roundsTrained)
    implements Summary {

  public TuningResult {
    trials = List.copyOf(trials);
  }

  @Override
  public String summary() {
    return String.format(
        Locale.ROOT,
        "logloss %.4f from trial %d of %d; %d stopped early, %d failed, %,d rounds",
        bestLoss,
        bestTrial,
        trials.size(),
        count(Ended.STOPPED),
        count(Ended.FAILED),
        roundsTrained);
  }

  /** How many trials ended like this. */
  public long count(Ended ended) {
    return trials.stream().filter(trial -> trial.ended() == ended).count();
  }
}
