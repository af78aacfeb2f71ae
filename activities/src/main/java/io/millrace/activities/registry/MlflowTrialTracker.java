package io.millrace.activities.registry;

import io.millrace.activities.training.RoundMetrics;
import io.millrace.activities.tuning.TrialTracker;
import io.millrace.core.tuning.TrialParams;
import io.millrace.workflows.tuning.StudyClosing;
import io.millrace.workflows.tuning.StudyRef;
import io.millrace.workflows.tuning.TrialOutcome;
import io.millrace.workflows.tuning.TuningRequest;
import io.millrace.workflows.tuning.TuningResult;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.mlflow.api.proto.Service;

/**
 * Shows a study in MLflow: one run for it and, nested below, one for each trial.
 *
 * <p>All runs are made by one activity before the trials start, and found again by tag if that
 * activity is retried, so a retried trial can never make a second one. A round's metrics carry the
 * time that its checkpoint remembers, and MLflow keeps equal values only once.
 */
public final class MlflowTrialTracker implements TrialTracker {
  private static final int MAX_METRICS = 1_000;

  /** Of each round of a trial. */
  private static final List<String> METRICS = List.of("validation-logloss", "validation-auc");

  private final MlflowTracking tracking;
  private final Clock clock;

  public MlflowTrialTracker(MlflowTracking tracking, Clock clock) {
    this.tracking = tracking;
    this.clock = clock;
  }

  @Override
  public StudyRef open(TuningRequest request) {
    String name = Experiments.tuning(request);
    String experiment = tracking.experiment(name);
    long start = request.startedAt().toEpochMilli();
    String study =
        findOrCreate(experiment, request.study(), Experiments.tuningRun(request), start, Map.of());
    tracking.log(study, List.of(), studyParams(request), Map.of());
    Map<String, String> existing = trialRuns(experiment, study);
    List<String> trials = new ArrayList<>();
    List<TrialParams> configurations = request.configurations();
    for (int trial = 0; trial < configurations.size(); trial++) {
      String runName = String.format(Locale.ROOT, "trial-%04d", trial);
      String key = request.study() + "/" + runName;
      String found = existing.get(key);
      trials.add(
          found != null
              ? found
              : newTrial(experiment, study, runName, key, configurations.get(trial)));
    }
    return new StudyRef(name, study, trials);
  }

  private static Map<String, String> studyParams(TuningRequest request) {
    Map<String, String> params = new LinkedHashMap<>();
    params.put("trials", Integer.toString(request.configurations().size()));
    params.put("seed", Long.toString(request.seed()));
    params.put("max_rounds", Integer.toString(request.rule().maxRounds()));
    params.put("grace_rounds", Integer.toString(request.rule().graceRounds()));
    params.put("reduction", Integer.toString(request.rule().reduction()));
    params.put("dataset", request.dataset().uri());
    params.put("dataset_sha256", request.dataset().sha256());
    params.put("metric", "validation logloss");
    return params;
  }

  private Map<String, String> trialRuns(String experiment, String study) {
    Map<String, String> runs = new HashMap<>();
    for (Service.Run run : tracking.runsByTag(experiment, Experiments.PARENT_RUN, study)) {
      for (Service.RunTag tag : run.getData().getTagsList()) {
        if (tag.getKey().equals(Experiments.KEY)) {
          runs.put(tag.getValue(), run.getInfo().getRunId());
        }
      }
    }
    return runs;
  }

  private String newTrial(
      String experiment, String study, String name, String key, TrialParams params) {
    Map<String, String> tags = new HashMap<>();
    tags.put(Experiments.PARENT_RUN, study);
    tags.put(Experiments.KEY, key);
    String run = tracking.createRun(experiment, name, clock.millis(), tags).getRunId();
    Map<String, String> values = new LinkedHashMap<>();
    params.asMap().forEach((param, value) -> values.put(param, String.valueOf(value)));
    tracking.log(run, List.of(), values, Map.of());
    return run;
  }

  private String findOrCreate(
      String experiment, String key, String name, long start, Map<String, String> more) {
    List<Service.Run> found = tracking.runsByTag(experiment, Experiments.KEY, key);
    if (!found.isEmpty()) {
      return found.get(0).getInfo().getRunId();
    }
    Map<String, String> tags = new HashMap<>(more);
    tags.put(Experiments.KEY, key);
    return tracking.createRun(experiment, name, start, tags).getRunId();
  }

  @Override
  public void log(String trialRunId, List<RoundMetrics> metrics) {
    List<Service.Metric> all = new ArrayList<>();
    for (RoundMetrics round : metrics) {
      all.add(MlflowTracking.metric(METRICS.get(0), round.logloss(), round.at(), round.round()));
      all.add(MlflowTracking.metric(METRICS.get(1), round.auc(), round.at(), round.round()));
    }
    for (int from = 0; from < all.size(); from += MAX_METRICS) {
      List<Service.Metric> batch = all.subList(from, Math.min(all.size(), from + MAX_METRICS));
      tracking.log(trialRunId, batch, Map.of(), Map.of());
    }
  }

  @Override
  public void close(StudyClosing closing) {
    TuningResult result = closing.result();
    List<String> runs = closing.study().trialRunIds();
    long now = clock.millis();
    for (TrialOutcome trial : result.trials()) {
      String run = runs.get(trial.trial());
      Map<String, String> tags = new HashMap<>();
      tags.put("millrace.ended", trial.ended().name().toLowerCase(Locale.ROOT));
      if (trial.failure() != null) {
        tags.put("millrace.failure", Objects.requireNonNull(trial.failure()));
      }
      tracking.log(run, List.of(), Map.of(), tags);
      tracking.end(run, status(trial), now);
    }
    String study = closing.study().studyRunId();
    // The study's own time, and not this attempt's, so that a retry adds no second value.
    long at = closing.result().dataset().watermark().toEpochMilli();
    List<Service.Metric> metrics = new ArrayList<>();
    metrics.add(MlflowTracking.metric("best-validation-logloss", result.bestLoss(), at, 0));
    metrics.addAll(ofBestRound(runs.get(result.bestTrial()), result.bestRounds(), at));
    Map<String, String> params = new LinkedHashMap<>();
    params.put("best_trial", Integer.toString(result.bestTrial()));
    params.put("best_rounds", Integer.toString(result.bestRounds()));
    result.best().asMap().forEach((name, value) -> params.put("best_" + name, value.toString()));
    tracking.log(
        study,
        metrics,
        params,
        Map.of("millrace.rounds_trained", Long.toString(result.roundsTrained())));
    tracking.end(study, Service.RunStatus.FINISHED, now);
  }

  /** The best trial's metrics at its best round, under the names that the trials have them. */
  private List<Service.Metric> ofBestRound(String trialRun, int rounds, long at) {
    return METRICS.stream()
        .flatMap(name -> tracking.metricHistory(trialRun, name).stream())
        .filter(metric -> metric.getStep() == rounds)
        .map(metric -> MlflowTracking.metric(metric.getKey(), metric.getValue(), at, 0))
        .toList();
  }

  private static Service.RunStatus status(TrialOutcome trial) {
    return switch (trial.ended()) {
      case COMPLETED -> Service.RunStatus.FINISHED;
      case STOPPED, CANCELLED -> Service.RunStatus.KILLED; // as Optuna's and Ray's loggers do
      case FAILED -> Service.RunStatus.FAILED;
    };
  }
}
