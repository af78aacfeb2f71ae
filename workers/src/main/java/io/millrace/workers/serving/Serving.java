package io.millrace.workers.serving;

import io.millrace.activities.registry.MlflowRegistry;
import io.millrace.activities.registry.ModelAnnouncements;
import io.millrace.serving.http.Limits;
import io.millrace.serving.http.Problem;
import io.millrace.serving.http.ServingServer;
import io.millrace.serving.models.ModelReloader;
import io.millrace.serving.models.ModelRoutes;
import io.millrace.serving.models.ModelStore;
import io.millrace.serving.predict.EntityPredictions;
import io.millrace.serving.predict.GoldenInstances;
import io.millrace.serving.predict.NamedModelRoutes;
import io.millrace.serving.predict.PredictRoutes;
import io.millrace.serving.predict.Predictor;
import io.millrace.serving.predict.Shadows;
import io.millrace.workers.config.MlflowConfig;
import io.millrace.workers.config.RedisConfig;
import io.millrace.workers.config.ServingConfig;
import io.millrace.workers.config.Settings;
import java.time.Clock;
import java.util.List;

/** The HTTP server with all that it needs, as the settings say. */
public final class Serving implements AutoCloseable {
  private final ServingConfig config;
  private final ModelAnnouncements announcements;
  private final ModelReloader reloader;
  private final Shadows shadows = new Shadows();
  private final ServingServer server;
  private final int port;

  private Serving(ServingConfig config, MlflowRegistry registry, ModelAnnouncements announcements) {
    this.config = config;
    this.announcements = announcements;
    RegistryModels models = new RegistryModels(registry, announcements);
    ModelStore store =
        new ModelStore(
            models,
            new GoldenInstances(),
            (model, version, alias, took, refusal) -> {},
            Clock.systemUTC());
    this.reloader =
        new ModelReloader(
            store, () -> config.models().isEmpty() ? models.models() : config.models());
    Limits limits = Limits.DEFAULT;
    Predictor predictor =
        new Predictor(
            store,
            new EntityPredictions(
                keys -> {
                  throw Problem.unavailable("no online store");
                }),
            record -> {},
            shadows,
            limits,
            Clock.systemUTC());
    this.server =
        new ServingServer(
            limits,
            List.of(
                new ModelRoutes(store, reloader),
                new PredictRoutes(predictor),
                new NamedModelRoutes(predictor)));
    reloader.start(config.pollInterval());
    announcements.listen(reloader::announced);
    this.port = server.start(config.host(), config.port());
  }

  /** Loads the models as far as they can be, and listens. */
  public static Serving start(Settings settings) {
    RedisConfig redis = RedisConfig.from(settings);
    return new Serving(
        ServingConfig.from(settings),
        new MlflowRegistry(
            io.millrace.activities.registry.MlflowConfig.of(
                MlflowConfig.from(settings).trackingUri().toString())),
        new ModelAnnouncements(redis.uri().toString()));
  }

  /** Where it listens. */
  public String url() {
    return "http://" + config.host() + ":" + port;
  }

  @Override
  public void close() {
    server.close();
    reloader.close();
    shadows.close();
    announcements.close();
  }
}
