package io.millrace.serving.metrics;

import io.javalin.Javalin;
import io.javalin.http.Context;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.jvm.ClassLoaderMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.millrace.core.features.OnlineRow;
import io.millrace.serving.features.OnlineFeatures;
import io.millrace.serving.http.RequestListener;
import io.millrace.serving.http.Role;
import io.millrace.serving.http.Routes;
import io.millrace.serving.log.PredictionSink;
import io.millrace.serving.metrics.PredictionMetrics.Standing;
import io.millrace.serving.models.ActiveVersions;
import io.millrace.serving.models.ModelListener;
import io.millrace.serving.models.ModelStore;
import io.millrace.serving.models.PinnedVersions;
import io.millrace.serving.models.ServedVersion;
import io.millrace.serving.models.Withdrawal;
import io.prometheus.metrics.model.registry.Collector;
import io.prometheus.metrics.model.snapshots.InfoSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Gathers what serving does for {@code GET /metrics}. Its parts are put around the parts of the
 * server: {@link #sink} around the log, {@link #features} around the online store, {@link #models}
 * into the {@link ModelStore}, {@link #requests} into the server.
 */
public final class ServingMetrics implements Routes, AutoCloseable {
  private static final String TEXT = "text/plain; version=0.0.4; charset=utf-8";

  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final RequestListener requests = new RequestMetrics(registry);
  private final ScoreHistograms histograms = new ScoreHistograms();
  private final Clock clock = Clock.systemUTC();
  private final JvmGcMetrics collections = new JvmGcMetrics();
  private volatile @Nullable Watched watched;
  private volatile @Nullable PredictionMetrics predictions;

  private record Watched(ModelStore store, PinnedVersions pinned) {

    /** What became of a version that predicted once. */
    Standing standing(ServedVersion version) {
      if (store.isGone(version)) {
        return Standing.GONE;
      }
      boolean serves =
          store.all().stream()
              .flatMap(live -> live.versions().values().stream())
              .anyMatch(version::equals);
      return serves || pinned.all().contains(version) ? Standing.LOADED : Standing.REPLACED;
    }
  }

  /** Measures the process; of the rest what is put around it. */
  public ServingMetrics() {
    registry.getPrometheusRegistry().register(histograms);
    registry.getPrometheusRegistry().register((Collector) this::loaded);
    registry.getPrometheusRegistry().register((Collector) this::withdrawn);
    new JvmMemoryMetrics().bindTo(registry);
    new JvmThreadMetrics().bindTo(registry);
    new ClassLoaderMetrics().bindTo(registry);
    new ProcessorMetrics().bindTo(registry);
    new FileDescriptorMetrics().bindTo(registry);
    new UptimeMetrics().bindTo(registry);
    collections.bindTo(registry);
  }

  /** Times the requests. */
  public RequestListener requests() {
    return requests;
  }

  /**
   * Counts predictions on their way to the log.
   *
   * @param buckets upper bounds for the scores of a model, by name; the others' are probabilities
   */
  public PredictionSink sink(PredictionSink next, Map<String, double[]> buckets) {
    PredictionMetrics made = new PredictionMetrics(registry, histograms, buckets, next);
    predictions = made;
    return made;
  }

  /** Times look-ups in the online store, and counts what it has and has not. */
  public OnlineFeatures features(OnlineFeatures store) {
    Timer took =
        Timer.builder("millrace_feature_lookup")
            .publishPercentileHistogram(false)
            .serviceLevelObjectives(RequestMetrics.BUCKETS)
            .description("Look-ups of online features, however many rows each")
            .register(registry);
    Counter found = rows("found");
    Counter missing = rows("missing");
    Counter failed =
        Counter.builder("millrace_feature_lookup_failures")
            .description("Look-ups that the online store did not answer")
            .register(registry);
    return (keys, threads) -> {
      Timer.Sample sample = Timer.start(registry);
      return store
          .find(keys, threads)
          .whenComplete(
              (rows, failure) -> {
                sample.stop(took);
                if (failure == null) {
                  int known = count(rows);
                  found.increment(known);
                  missing.increment(rows.size() - known);
                } else {
                  failed.increment();
                }
              });
    };
  }

  private static int count(List<@Nullable OnlineRow> rows) {
    int known = 0;
    for (OnlineRow row : rows) {
      known += row == null ? 0 : 1;
    }
    return known;
  }

  private Counter rows(String outcome) {
    return Counter.builder("millrace_feature_rows")
        .tag("outcome", outcome)
        .description("Users and products whose online features were looked up")
        .register(registry);
  }

  /** Times the loading of versions, and counts those that were refused and withdrawn. */
  public ModelListener models() {
    return new ModelMetrics(registry);
  }

  /**
   * Shows which versions are loaded, and lets go of the series of those that are gone.
   *
   * @param pinned versions that requests asked for by number
   */
  public void watch(ModelStore models, PinnedVersions pinned) {
    watched = new Watched(models, pinned);
  }

  /** Tells of requests in progress, which the server knows. */
  public void watchInProgress(IntSupplier inProgress) {
    Gauge.builder("millrace_http_requests_in_progress", inProgress::getAsInt)
        .description("Requests that are being answered")
        .register(registry);
  }

  /** Tells of something that only grows, such as what was dropped; {@code name} without _total. */
  public void count(String name, String description, LongSupplier value) {
    FunctionCounter.builder(name, value, LongSupplier::getAsLong)
        .description(description)
        .register(registry);
  }

  @Override
  public void addTo(Javalin app) {
    app.get("/metrics", this::scrape, Role.OPEN);
  }

  private void scrape(Context context) {
    @Nullable Watched seen = watched;
    @Nullable PredictionMetrics pruned = predictions;
    if (seen != null && pruned != null) {
      pruned.prune(seen::standing, clock.instant());
    }
    context.contentType(TEXT).result(registry.scrape());
  }

  /** {@code millrace_model_info}, 1 for each version that is loaded. */
  private MetricSnapshot loaded() {
    InfoSnapshot.Builder all =
        InfoSnapshot.builder().name("millrace_model").help("Versions that are loaded");
    @Nullable Watched seen = watched;
    if (seen != null) {
      for (ActiveVersions live : seen.store().all()) {
        for (ServedVersion version : live.versions().values()) {
          all.dataPoint(info(version.model(), version.version(), "alias", version.alias()));
        }
      }
    }
    return all.build();
  }

  /** {@code millrace_model_withdrawn_info}, 1 for each model that the registry has no more. */
  private MetricSnapshot withdrawn() {
    InfoSnapshot.Builder all =
        InfoSnapshot.builder()
            .name("millrace_model_withdrawn")
            .help("Models that were served until the registry had them no more");
    @Nullable Watched seen = watched;
    if (seen != null) {
      for (Withdrawal one : seen.store().withdrawn()) {
        all.dataPoint(info(one.model(), one.version(), "gone", one.cause().word()));
      }
    }
    return all.build();
  }

  private static InfoSnapshot.InfoDataPointSnapshot info(
      String model, String version, String further, String value) {
    return InfoSnapshot.InfoDataPointSnapshot.builder()
        .labels(Labels.of("model", model, "version", version, further, value))
        .build();
  }

  @Override
  public void close() {
    collections.close();
    registry.close();
  }
}
