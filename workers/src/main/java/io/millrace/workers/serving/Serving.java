package io.millrace.workers.serving;

import io.millrace.activities.features.PointInTimeFeatures;
import io.millrace.activities.registry.MlflowRegistry;
import io.millrace.activities.registry.ModelAnnouncements;
import io.millrace.activities.warehouse.Warehouse;
import io.millrace.core.features.OnlineKey;
import io.millrace.serving.features.FeatureRoutes;
import io.millrace.serving.features.RedisOnlineFeatures;
import io.millrace.serving.http.Limits;
import io.millrace.serving.http.Problem;
import io.millrace.serving.http.ServingServer;
import io.millrace.serving.log.KafkaPredictionLog;
import io.millrace.serving.models.ModelReloader;
import io.millrace.serving.models.ModelRoutes;
import io.millrace.serving.models.ModelStore;
import io.millrace.serving.predict.EntityPredictions;
import io.millrace.serving.predict.GoldenInstances;
import io.millrace.serving.predict.NamedModelRoutes;
import io.millrace.serving.predict.PredictRoutes;
import io.millrace.serving.predict.Predictor;
import io.millrace.serving.predict.Shadows;
import io.millrace.workers.config.KafkaConfig;
import io.millrace.workers.config.PostgresConfig;
import io.millrace.workers.config.RedisConfig;
import io.millrace.workers.config.ServingConfig;
import io.millrace.workers.config.Settings;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The HTTP server with all that it needs, as the settings say. */
public final class Serving implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Serving.class);
  private static final int WAITING_ROWS = 50_000;

  /** How long the start waits for the online store; it comes up without it, too. */
  private static final Duration CONNECT = Duration.ofSeconds(5);

  private final Deque<Runnable> open = new ArrayDeque<>();
  private final String url;

  private Serving(Settings settings) {
    ServingConfig config = ServingConfig.from(settings);
    RedisConfig redis = RedisConfig.from(settings);
    Limits limits = Limits.DEFAULT;
    ModelAnnouncements announcements =
        closing(new ModelAnnouncements(redis.uri().toString()), ModelAnnouncements::close);
    RegistryModels registry =
        new RegistryModels(new MlflowRegistry(RegistryModels.mlflow(settings)), announcements);
    ModelStore models =
        new ModelStore(
            registry,
            new GoldenInstances(),
            (model, version, alias, took, refusal) -> {},
            Clock.systemUTC());
    RedisOnlineFeatures online =
        closing(
            new RedisOnlineFeatures(redis.uri().toString(), config.featuresTimeout()),
            RedisOnlineFeatures::close);
    Warehouse warehouse =
        closing(new Warehouse(warehouse(PostgresConfig.from(settings))), Warehouse::close);
    KafkaPredictionLog predictions =
        closing(
            new KafkaPredictionLog(KafkaConfig.from(settings).bootstrapServers(), WAITING_ROWS),
            KafkaPredictionLog::close);
    Predictor predictor =
        new Predictor(
            models,
            new EntityPredictions(online),
            predictions,
            closing(new Shadows(), Shadows::close),
            limits,
            Clock.systemUTC());
    ModelReloader reloader =
        closing(
            new ModelReloader(
                models, () -> config.models().isEmpty() ? registry.models() : config.models()),
            ModelReloader::close);
    ServingServer server =
        closing(
            new ServingServer(
                limits,
                List.of(
                    new ModelRoutes(models, reloader),
                    new PredictRoutes(predictor),
                    new NamedModelRoutes(predictor),
                    new FeatureRoutes(
                        online,
                        new PointInTimeFeatures(warehouse, PointInTimeFeatures.DEFAULT_TIMEOUT)
                            ::find,
                        models,
                        redis.timeToLive(),
                        limits))),
            ServingServer::close);
    warmUp(online);
    reloader.start(config.pollInterval());
    announcements.listen(reloader::announced);
    this.url = "http://" + config.host() + ":" + server.start(config.host(), config.port());
  }

  /** Loads the models as far as they can be, and listens. */
  public static Serving start(Settings settings) {
    return new Serving(settings);
  }

  /** Connects before the first request does, which would have to wait for it. */
  private static void warmUp(RedisOnlineFeatures online) {
    long deadline = System.nanoTime() + CONNECT.toNanos();
    List<OnlineKey> anyone = List.of(new OnlineKey(0, 0));
    boolean connected = false;
    while (!connected && System.nanoTime() < deadline) {
      try {
        online.find(anyone);
        connected = true;
      } catch (Problem e) {
        log.info("waiting for the online store reason={}", e.detail());
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
