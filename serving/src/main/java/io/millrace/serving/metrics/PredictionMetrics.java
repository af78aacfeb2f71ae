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
import java.util.List;
import java.util.Map;

/**
 * Counts predictions and what they were, by version, on their way to the log. Those of the {@value
 * #MOST} versions used last are told; older ones go, so that the series do not grow with each
 * training.
 */
final class PredictionMetrics implements PredictionSink {
  private static final int MOST = 32;
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
    meters.predictions.increment(rows.count());
    for (int row = 0; row < rows.count(); row++) {
      meters.scores.record(scores.outputs() == 1 ? scores.at(row, 0) : best(scores, row));
    }
    if (!rows.missing().isEmpty()) {
      for (List<String> missing : rows.missing().values()) {
        meters.missing.increment(missing.size());
      }
    }
    next.offer(record);
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
    Meters[] after = new Meters[Math.min(MOST, before.length + 1)];
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
  }

  private static final class Meters {
    final ServedVersion version;
    final Counter predictions;
    final Counter missing;
    final Labels labels;
    final ScoreHistograms.Scores scores;

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
      this.labels =
          Labels.of(
              "model", version.model(), "version", version.version(), "alias", version.alias());
      this.scores = histograms.of(labels, buckets);
    }
  }
}
