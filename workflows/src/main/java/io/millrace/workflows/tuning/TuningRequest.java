package io.millrace.workflows.tuning;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.millrace.core.tuning.AshaRule;
import io.millrace.core.tuning.RandomSearch;
import io.millrace.core.tuning.SearchSpace;
import io.millrace.core.tuning.TrialParams;
import io.millrace.workflows.training.DatasetRef;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A study: which trials to run on which data, and when to stop one.
 *
 * @param study names it everywhere: checkpoints, experiment tags; unique to the run
 * @param startedAt names its MLflow run, or, if no experiment is given, an experiment of its own
 * @param given trials to run as they are; if empty, {@code trials} are drawn from the space
 * @param trials how many to draw
 * @param maxConcurrent trials in flight at once, on all workers together
 * @param checkpointEvery rounds between checkpoints within a rung
 * @param minSuccessRatio share of trials that must end without an error for the study to count
 * @param experiment the MLflow experiment: the model's; null for one of its own, as in runs of
 *     earlier builds
 * @param dagRun the run that the study is part of, for the name of its MLflow run; or null
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record TuningRequest(
    String study,
    Instant startedAt,
    DatasetRef dataset,
    SearchSpace space,
    List<TrialParams> given,
    int trials,
    AshaRule rule,
    long seed,
    int maxConcurrent,
    int checkpointEvery,
    double minSuccessRatio,
    @Nullable String experiment,
    @Nullable String dagRun) {

  public TuningRequest {
    given = List.copyOf(given);
    if (given.isEmpty() && trials < 1) {
      throw new IllegalArgumentException("trials must be at least 1 and is " + trials);
    }
    if (maxConcurrent < 1 || checkpointEvery < 1) {
      throw new IllegalArgumentException(
          "maxConcurrent and checkpointEvery must be at least 1: %d, %d"
              .formatted(maxConcurrent, checkpointEvery));
    }
    if (!(minSuccessRatio >= 0 && minSuccessRatio <= 1)) {
      throw new IllegalArgumentException(
          "minSuccessRatio must be in [0, 1] and is " + minSuccessRatio);
    }
  }

  /** The trials by number. */
  public List<TrialParams> configurations() {
    return given.isEmpty() ? RandomSearch.trials(space, seed, trials) : given;
  }
}
