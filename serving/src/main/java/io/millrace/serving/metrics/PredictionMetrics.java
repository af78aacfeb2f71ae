package io.millrace.serving.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.millrace.serving.log.PredictionRecord;
import io.millrace.serving.log.PredictionSink;
import io.millrace.serving.models.Rows;
import io.millrace.serving.models.Scores;
import io.millrace.serving.models.ServedVersion;
import io.prometheus.metrics.model.snapshots.Labels;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * Counts predictions and what they were, by version, on their way to the log. Series go with what
 * they are of: at once when the registry has a version no more, an hour after its last prediction
 * when it is not loaded any more, and when {@value #MAX} others were used since.
 */
final class PredictionMetrics implements PredictionSink {
  private static final int MAX = 32;
  private static final Duration KEPT = Duration.ofHours(1);
  private static final double[] PROBABILITIES = {
    0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 1
  };

  private final MeterRegistry registry;
  private final ScoreHistograms histograms;
  private final Map<String, double[]> buckets;
  private final PredictionSink next;

  /** Newest first; replaced, never changed, so that reading it needs no lock. */
  private volatile Meters[] known = {};

  PredictionMetrics(
      MeterRegistry registry,
      ScoreHistograms histograms,
      Map<String, double[]> buckets,
      PredictionSink next) {
    this.histograms = histograms;
    this.registry = registry;
    this.buckets = Map.copyOf(buckets);
    this.next = next;
  }

  @Override
  public void offer(PredictionRecord record) {
    Meters meters = meters(record.version());
    Scores scores = record.scores();
    Rows rows = record.rows();
    int finite = 0;
    for (int row = 0; row < rows.count(); row++) {
      if (scores.isFinite(row)) {
        finite++;
        meters.scores.record(scores.outputs() == 1 ? scores.at(row, 0) : best(scores, row));
      }
    }
    meters.predictions.increment(finite);
    if (finite < rows.count()) {
      meters.notFinite.increment(rows.count() - finite);
    }
    if (!rows.missing().isEmpty()) {
      for (List<String> missing : rows.missing().values()) {
        meters.missing.increment(missing.size());
      }
    }
    next.offer(record);
  }

  @Override
  public void notFinite(ServedVersion version, int rows) {
    meters(version).notFinite.increment(rows);
    next.notFinite(version, rows);
  }

  /** What became of a version that predicted once. */
  enum Standing {
    LOADED,
    REPLACED,
    GONE
  }

  /** Lets go of the series of versions that are gone, or were replaced long ago. */
  synchronized void prune(Function<ServedVersion, Standing> standings, Instant now) {
    List<Meters> stay = new ArrayList<>();
    List<Meters> go = new ArrayList<>();
    for (Meters one : known) {
      boolean stays =
          switch (standings.apply(one.version)) {
            case LOADED -> true;
            case REPLACED -> one.lastChange(now).plus(KEPT).isAfter(now);
            case GONE -> false;
          };
      (stays ? stay : go).add(one);
    }
    known = stay.toArray(Meters[]::new);
    go.forEach(old -> forget(old, known));
  }

  private static float best(Scores scores, int row) {
    return scores.at(row, scores.bestClass(row));
  }

  /** A version is looked for by identity: it is the same object as long as it serves. */
  @SuppressWarnings("ReferenceEquality")
  private Meters meters(ServedVersion version) {
    for (Meters one : known) {
      if (one.version == version) {
        return one;
      }
    }
    return add(version);
  }

  private synchronized Meters add(ServedVersion version) {
    Meters[] before = known;
    Meters added =
        new Meters(
            version, registry, histograms, buckets.getOrDefault(version.model(), PROBABILITIES));
    Meters[] after = new Meters[Math.min(MAX, before.length + 1)];
    after[0] = added;
    System.arraycopy(before, 0, after, 1, after.length - 1);
    known = after;
    if (after.length == before.length) {
      forget(before[before.length - 1], after);
    }
    return added;
  }

  private void forget(Meters old, Meters[] still) {
    for (Meters one : still) {
      // The same version that came back after a change of the alias has the same series.
      if (one.predictions.getId().equals(old.predictions.getId())) {
        return;
      }
    }
    registry.remove(old.predictions);
    histograms.forget(old.labels);
    registry.remove(old.missing);
    registry.remove(old.notFinite);
  }

  private static final class Meters {
    final ServedVersion version;
    final Counter predictions;
    final Counter missing;
    final Counter notFinite;
    final Labels labels;
    final ScoreHistograms.Scores scores;
    private double seen = -1;
    private Instant changed = Instant.EPOCH;

    Meters(
        ServedVersion version,
        MeterRegistry registry,
        ScoreHistograms histograms,
        double[] buckets) {
      Tags tags =
          Tags.of("model", version.model(), "version", version.version(), "alias", version.alias());
      this.version = version;
      this.predictions =
          Counter.builder("millrace_predictions")
              .description("Rows that were scored, shadows too")
              .tags(tags)
              .register(registry);
      this.missing =
          Counter.builder("millrace_prediction_missing_inputs")
              .description("Inputs that were left out and taken as the model's schema says")
              .tags(tags)
              .register(registry);
      this.notFinite =
          Counter.builder("millrace_predictions_not_finite")
              .description("Rows that were refused because their scores are infinite or NaN")
              .tags(tags)
              .register(registry);
      this.labels =
          Labels.of(
              "model", version.model(), "version", version.version(), "alias", version.alias());
      this.scores = histograms.of(labels, buckets);
    }

    /** When it was first seen that there were as many predictions as now. */
    Instant lastChange(Instant now) {
      double count = predictions.count();
      if (count != seen) {
        seen = count;
        changed = now;
      }
      return changed;
    }
  }
}
