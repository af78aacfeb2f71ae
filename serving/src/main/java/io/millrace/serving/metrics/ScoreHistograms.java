package io.millrace.serving.metrics;

import io.prometheus.metrics.model.registry.Collector;
import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot.HistogramDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.DoubleAdder;
import java.util.concurrent.atomic.LongAdder;

/**
 * {@code millrace_prediction_score}: Micrometer's histograms round to whole numbers, of which
 * probabilities have two, and give all series of a name the same buckets.
 */
final class ScoreHistograms implements Collector {
  private final Map<Labels, Scores> series = new ConcurrentHashMap<>();

  /** The scores of one version. */
  static final class Scores {
    private final double[] bounds;
    private final LongAdder[] counts;
    private final DoubleAdder sum = new DoubleAdder();

    private Scores(double[] upperBounds) {
      this.bounds = Arrays.copyOf(upperBounds, upperBounds.length + 1);
      bounds[upperBounds.length] = Double.POSITIVE_INFINITY;
      this.counts = new LongAdder[bounds.length];
      Arrays.setAll(counts, i -> new LongAdder());
    }

    void record(double score) {
      int place = Arrays.binarySearch(bounds, score);
      counts[place >= 0 ? place : -place - 1].increment();
      sum.add(score);
    }

    private HistogramDataPointSnapshot snapshot(Labels labels) {
      long[] seen = new long[counts.length];
      Arrays.setAll(seen, i -> counts[i].sum());
      return HistogramDataPointSnapshot.builder()
          .labels(labels)
          .classicHistogramBuckets(
              ClassicHistogramBuckets.of(
                  bounds, Arrays.stream(seen).boxed().toArray(Number[]::new)))
          .sum(sum.sum())
          .build();
    }
  }

  /** The series of a version, made if there is none yet; {@code upperBounds} rise. */
  Scores of(Labels labels, double[] upperBounds) {
    return series.computeIfAbsent(labels, made -> new Scores(upperBounds));
  }

  void forget(Labels labels) {
    series.remove(labels);
  }

  @Override
  public MetricSnapshot collect() {
    HistogramSnapshot.Builder all =
        HistogramSnapshot.builder()
            .name("millrace_prediction_score")
            .help("What was predicted; of several classes, the best one's probability");
    series.forEach((labels, scores) -> all.dataPoint(scores.snapshot(labels)));
    return all.build();
  }
}
