package io.millrace.activities.tuning;

import static io.millrace.activities.PipelineException.translated;

import io.millrace.activities.PipelineException;
import io.millrace.activities.training.ArtifactStore;
import io.millrace.activities.training.CheckpointPace;
import io.millrace.activities.training.CheckpointedTraining;
import io.millrace.activities.training.RoundMetrics;
import io.millrace.activities.training.TrialData;
import io.millrace.activities.training.TrialDataCache;
import io.millrace.engine.Heartbeats;
import io.millrace.workflows.PipelineFailure;
import io.millrace.workflows.tuning.StudyClosing;
import io.millrace.workflows.tuning.StudyRef;
import io.millrace.workflows.tuning.TrialActivities;
import io.millrace.workflows.tuning.TrialReport;
import io.millrace.workflows.tuning.TrialRequest;
import io.millrace.workflows.tuning.TuningRequest;
import io.temporal.activity.Activity;
import io.temporal.activity.ActivityExecutionContext;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** See {@link TrialActivities}. One instance serves a worker process; thread-safe. */
public final class TrialActivitiesImpl implements TrialActivities, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(TrialActivitiesImpl.class);
  private static final int LIVE_TRAININGS = 16;

  private final ArtifactStore store;
  private final TrialDataCache cache;
  private final TrialTracker tracker;
  private final Clock clock;
  private final Duration pause;
  private final LiveTrainings live = new LiveTrainings(LIVE_TRAININGS);

  /** Keeps checkpoints at the {@linkplain CheckpointPace#USUAL usual} pace. */
  public TrialActivitiesImpl(
      ArtifactStore store, TrialDataCache cache, TrialTracker tracker, Clock clock) {
    this(store, cache, tracker, clock, CheckpointPace.USUAL);
  }

  /**
   * Trains on the matrices of a cache.
   *
   * @param pause the least time between two checkpoints of a trial
   */
  public TrialActivitiesImpl(
      ArtifactStore store,
      TrialDataCache cache,
      TrialTracker tracker,
      Clock clock,
      Duration pause) {
    this.store = store;
    this.cache = cache;
    this.tracker = tracker;
    this.clock = clock;
    this.pause = pause;
  }

  @Override
  public StudyRef openStudy(TuningRequest request) {
    return Heartbeats.during(() -> translated(() -> tracker.open(request)));
  }

  @Override
  public TrialReport trainTrial(TrialRequest request) {
    return translated(() -> train(request));
  }

  private TrialReport train(TrialRequest request) {
    ActivityExecutionContext context = Activity.getExecutionContext();
    CheckpointedTraining.Spec spec = spec(request);
    try (TrialDataCache.Lease lease = cache.acquire(request.dataset())) {
      TrialData data = lease.data();
      // An earlier attempt of this rung may have got further elsewhere: its checkpoint knows.
      boolean first = context.getInfo().getAttempt() == 1;
      Optional<CheckpointedTraining> here =
          first && request.fromRounds() > 0
              ? live.take(spec, request.fromRounds())
              : Optional.empty();
      CheckpointedTraining training =
          here.orElseGet(() -> CheckpointedTraining.open(store, spec, data.train(), clock::millis));
      boolean done = false;
      try {
        int start = training.rounds();
        training.trainTo(
            request.toRounds(),
            new CheckpointPace(request.checkpointEvery(), pause),
            data.train(),
            data.validation(),
            new Reporting(context, request.trackingRunId()));
        done = true;
        return report(request, training.history(), request.toRounds() - start);
      } finally {
        if (done) {
          live.keep(spec, training);
        } else {
          training.close();
        }
      }
    }
  }

  private static TrialReport report(
      TrialRequest request, List<RoundMetrics> history, int trainedRounds) {
    // A retry of a rung whose report was lost may find a checkpoint of a later rung.
    List<RoundMetrics> upToRung = history.subList(0, request.toRounds());
    RoundMetrics last = upToRung.get(upToRung.size() - 1);
    RoundMetrics best =
        upToRung.stream().min(Comparator.comparingDouble(RoundMetrics::logloss)).orElse(last);
    LOG.info(
        "study={} trial={} rounds={} logloss={} trained={}",
        request.study(),
        request.trial(),
        last.round(),
        last.logloss(),
        trainedRounds);
    return new TrialReport(
        request.trial(),
        last.round(),
        last.logloss(),
        best.round(),
        best.logloss(),
        Math.max(0, trainedRounds));
  }

  @Override
  public boolean closeStudy(StudyClosing closing) {
    return Heartbeats.during(
        () ->
            translated(
                () -> {
                  tracker.close(closing);
                  String prefix = prefix(closing.result().study());
                  live.dropBelow(prefix);
                  store.deleteBelow(prefix);
                  return true;
                }));
  }

  private static CheckpointedTraining.Spec spec(TrialRequest request) {
    if (request.toRounds() <= request.fromRounds()) {
      throw new PipelineException(
          PipelineFailure.INVALID_INPUT,
          "Trial %d cannot go from round %d to %d"
              .formatted(request.trial(), request.fromRounds(), request.toRounds()));
    }
    String identity =
        "%s %s %s %s %d"
            .formatted(
                request.dataset().sha256(),
                request.dataset().validationShare(),
                request.dataset().testShare(),
                request.params(),
                request.seed());
    return new CheckpointedTraining.Spec(
        String.format(Locale.ROOT, "%strial-%04d.ckpt", prefix(request.study()), request.trial()),
        ArtifactStore.sha256(identity.getBytes(StandardCharsets.UTF_8)),
        request.params().asMap(),
        request.seed());
  }

  private static String prefix(String study) {
    return "hyperparameter-tuning/xgb_model/" + study + "/";
  }

  @Override
  public void close() {
    live.close();
    cache.close();
  }

  private final class Reporting implements CheckpointedTraining.Listener {
    private final ActivityExecutionContext context;
    private final String trackingRunId;

    private Reporting(ActivityExecutionContext context, String trackingRunId) {
      this.context = context;
      this.trackingRunId = trackingRunId;
    }

    @Override
    public void trained(int round) {
      context.heartbeat(round); // throws if the trial was cancelled
    }

    @Override
    public void kept(List<RoundMetrics> metrics) {
      if (!trackingRunId.isEmpty()) {
        tracker.log(trackingRunId, metrics);
      }
    }
  }
}
