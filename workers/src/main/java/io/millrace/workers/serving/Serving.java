package io.millrace.workers.serving;

import io.millrace.activities.features.PointInTimeFeatures;
import io.millrace.activities.registry.MlflowRegistry;
import io.millrace.activities.registry.ModelAnnouncements;
import io.millrace.activities.warehouse.Warehouse;
import io.millrace.core.features.OnlineKey;
import io.millrace.serving.features.FeatureRoutes;
import io.millrace.serving.features.OnlineFeatures;
import io.millrace.serving.features.RedisOnlineFeatures;
import io.millrace.serving.http.AccessOptions;
import io.millrace.serving.http.AsyncResponses;
import io.millrace.serving.http.DocsRoutes;
import io.millrace.serving.http.HttpOptions;
import io.millrace.serving.http.RateLimit;
import io.millrace.serving.http.Routes;
import io.millrace.serving.http.ServingServer;
import io.millrace.serving.http.Timeouts;
import io.millrace.serving.http.Tls;
import io.millrace.serving.log.KafkaPredictionLog;
import io.millrace.serving.metrics.ServingMetrics;
import io.millrace.serving.models.ModelReloader;
import io.millrace.serving.models.ModelRoutes;
import io.millrace.serving.models.ModelStore;
import io.millrace.serving.models.PinnedVersions;
import io.millrace.serving.models.PromotionRoutes;
import io.millrace.serving.models.Promotions;
import io.millrace.serving.models.Scoring;
import io.millrace.serving.models.ServedVersion;
import io.millrace.serving.models.VersionLoader;
import io.millrace.serving.predict.EntityPredictions;
import io.millrace.serving.predict.GoldenInstances;
import io.millrace.serving.predict.InferenceRoutes;
import io.millrace.serving.predict.NamedModelRoutes;
import io.millrace.serving.predict.PredictRoutes;
import io.millrace.serving.predict.Predictor;
import io.millrace.serving.predict.Shadows;
import io.millrace.serving.tracing.Tracing;
import io.millrace.workers.config.ConfigException;
import io.millrace.workers.config.KafkaConfig;
import io.millrace.workers.config.PostgresConfig;
import io.millrace.workers.config.RedisConfig;
import io.millrace.workers.config.S3Config;
import io.millrace.workers.config.Secret;
import io.millrace.workers.config.ServingConfig;
import io.millrace.workers.config.Settings;
import io.millrace.workers.config.TracingConfig;
import io.minio.MinioClient;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The HTTP server with all that it needs, as the settings say. */
public final class Serving implements AutoCloseable {
  private static final Logger logger = LoggerFactory.getLogger(Serving.class);
  private static final int WAITING_ROWS = 50_000;

  /** How long the start waits for the online store; it comes up without it, too. */
  private static final Duration CONNECT = Duration.ofSeconds(5);

  /** How long the object store may take for each part of an artifact. */
  private static final Duration ARTIFACTS = Duration.ofSeconds(20);

  private static final Duration BETWEEN_TRIES = Duration.ofMillis(100);

  private final Deque<Runnable> open = new ArrayDeque<>();
  private final String url;

  private Serving(Settings settings) {
    try {
      this.url = open(settings);
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  private String open(Settings settings) {
    ServingConfig config = ServingConfig.from(settings);
    RedisConfig redis = RedisConfig.from(settings);
    HttpOptions http = options(config);
    Tracing tracing = closing(tracing(TracingConfig.from(settings)), Tracing::close);
    ServingMetrics metrics = closing(new ServingMetrics(), ServingMetrics::close);
    ModelAnnouncements announcements =
        closing(new ModelAnnouncements(redis.uri().toString()), ModelAnnouncements::close);
    // Artifacts that MLflow's clients wrote into S3 themselves are read there.
    @Nullable MinioClient s3 =
        S3Config.find(settings)
            .map(found -> closing(found.client(ARTIFACTS), Serving::close))
            .orElse(null);
    MlflowRegistry mlflow = new MlflowRegistry(RegistryModels.mlflow(settings), s3);
    RegistryModels registry = new RegistryModels(mlflow);
    VersionLoader loader = tracing.loads(VersionLoader.of(registry, new GoldenInstances()));
    ModelStore models =
        new ModelStore(
            registry, loader, metrics.models(), Clock.systemUTC(), config.withdrawAfter());
    PinnedVersions pinned = new PinnedVersions(models.attempts());
    RedisOnlineFeatures online =
        closing(
            new RedisOnlineFeatures(redis.uri().toString(), config.featuresTimeout()),
            RedisOnlineFeatures::close);
    OnlineFeatures features = tracing.features(metrics.features(online));
    Warehouse warehouse =
        closing(new Warehouse(warehouse(PostgresConfig.from(settings))), Warehouse::close);
    KafkaPredictionLog log =
        closing(
            new KafkaPredictionLog(KafkaConfig.from(settings).bootstrapServers(), WAITING_ROWS),
            KafkaPredictionLog::close);
    Shadows shadows = closing(new Shadows(), Shadows::close);
    Scoring scoring = ServedVersion::score;
    Predictor predictor =
        new Predictor(
            models,
            new EntityPredictions(features),
            tracing.scoring(scoring),
            metrics.sink(log, Map.of()),
            shadows,
            http.limits(),
            Clock.systemUTC());
    metrics.watch(models, pinned);
    watch(metrics, online, log, shadows);
    ModelReloader reloader =
        closing(
            ModelReloader.of(
                models,
                () -> config.models().isEmpty() ? registry.models() : config.models(),
                registry,
                pinned),
            ModelReloader::close);
    List<Routes> routes =
        List.of(
            new ModelRoutes(models, reloader),
            new PromotionRoutes(
                new Promotions(models, mlflow, announcements::announce, Clock.systemUTC())),
            new PredictRoutes(predictor),
            new NamedModelRoutes(predictor),
            closing(
                new InferenceRoutes(predictor, pinned, config.inferenceModel()),
                InferenceRoutes::close),
            new FeatureRoutes(
                features,
                new PointInTimeFeatures(warehouse, PointInTimeFeatures.DEFAULT_TIMEOUT)::find,
                models,
                redis.timeToLive(),
                http.limits()),
            metrics,
            new DocsRoutes(http.access()));
    ServingServer server =
        closing(
            new ServingServer(http, tracing.requests(metrics.requests()), routes),
            ServingServer::close);
    metrics.watchInProgress(server::inProgress);
    warmUp(online);
    load(reloader, config.warmUp());
    reloader.start(config.pollInterval());
    announcements.listen(reloader::announced);
    if (!config.warmUp().isZero()) {
      warmUp(new WarmUp(registry, online, scoring), models.names(), config.warmUp());
    }
    String scheme = http.tls() == null ? "http" : "https";
    return scheme + "://" + config.host() + ":" + server.start();
  }

  /**
   * One that warms up does so to take over from others: it must not come up with fewer models than
   * they have.
   */
  private static void load(ModelReloader reloader, Duration patience) {
    if (!reloader.load(patience) && !patience.isZero()) {
      throw new IllegalStateException(
          "the model registry did not answer for %d s: %s"
              .formatted(patience.toSeconds(), reloader.failures()));
    }
  }

  private static void watch(
      ServingMetrics metrics, RedisOnlineFeatures online, KafkaPredictionLog log, Shadows shadows) {
    metrics.count(
        "millrace_prediction_log_dropped", "Predictions there was no room for", log::dropped);
    metrics.count(
        "millrace_prediction_log_failed", "Predictions that Kafka did not take", log::failed);
    metrics.count("millrace_prediction_log_sent", "Predictions that Kafka took", log::sent);
    metrics.count("millrace_shadow_dropped", "Requests without their shadow", shadows::dropped);
    metrics.count("millrace_shadow_failed", "Requests a shadow could not score", shadows::failed);
    metrics.count(
        "millrace_features_unreadable", "Rows of features that cannot be read", online::unreadable);
  }

  private static void close(MinioClient s3) {
    try {
      s3.close();
    } catch (Exception e) {
      logger.warn("the client of the object store did not close reason={}", e.toString());
    }
  }

  private static Tracing tracing(TracingConfig config) {
    if (!config.isOn()) {
      return Tracing.off();
    }
    try {
      return Tracing.exporting(config.properties());
    } catch (IllegalArgumentException e) {
      throw new ConfigException(String.valueOf(e.getMessage()));
    }
  }

  private static HttpOptions options(ServingConfig config) {
    RateLimit perKey =
        config.requestsPerSecond() == 0
            ? RateLimit.NONE
            : new RateLimit(config.requestsPerSecond(), config.requestsPerSecond());
    HttpOptions options =
        HttpOptions.at(config.host(), config.port())
            .with(new AccessOptions(config.keysFile().orElse(null), perKey, RateLimit.NONE))
            .with(Timeouts.DEFAULT.stopping(config.preStop(), Timeouts.DEFAULT.drain()))
            .sharingPort(config.sharePort())
            .withCorsOrigins(config.corsOrigins());
    if (config.keystore().isEmpty()) {
      return options;
    }
    String password = config.keystorePassword().map(Secret::value).orElse("");
    return options.with(new Tls(config.keystore().get(), password));
  }

  /**
   * Loads the models and listens. Without a warm-up it comes up with those that it can load.
   *
   * @throws IllegalStateException if it is to warm up, and the registry does not answer for as long
   */
  public static Serving start(Settings settings) {
    return new Serving(settings);
  }

  private void warmUp(WarmUp warmUp, List<String> models, Duration limit) {
    open.addLast(warmUp::close);
    try {
      logger.info("warmed up predictions={} limit={}", warmUp.run(models, limit), limit);
    } catch (IOException | RuntimeException e) {
      logger.warn("not warmed up: the first requests will be slow reason={}", e.getMessage());
    }
  }

  /** Connects before the first request does, which would have to wait for it. */
  private static void warmUp(RedisOnlineFeatures online) {
    long deadline = System.nanoTime() + CONNECT.toNanos();
    boolean said = false;
    while (System.nanoTime() < deadline && !Thread.currentThread().isInterrupted()) {
      try {
        var unused = online.find(List.of(new OnlineKey(0, 0)), Runnable::run).join();
        return;
      } catch (CompletionException e) {
        if (!said) {
          logger.info(
              "waiting for the online store reason={}", AsyncResponses.cause(e).getMessage());
          said = true;
        }
        LockSupport.parkNanos(BETWEEN_TRIES.toNanos());
      }
    }
  }

  private static io.millrace.activities.warehouse.PostgresConfig warehouse(PostgresConfig config) {
    return io.millrace.activities.warehouse.PostgresConfig.of(
        config.jdbcUrl(), config.user(), config.password().value());
  }

  /** Where it listens. */
  public String url() {
    return url;
  }

  private <T> T closing(T part, Consumer<T> close) {
    open.push(() -> close.accept(part));
    return part;
  }

  /** The server first, so that nothing is asked of what is closed. */
  @Override
  public void close() {
    while (!open.isEmpty()) {
      open.pop().run();
    }
  }
}
