package io.millrace.bench.serving;

import io.millrace.serving.features.OnlineFeatures;
import io.millrace.serving.http.HttpOptions;
import io.millrace.serving.http.Limits;
import io.millrace.serving.http.Routes;
import io.millrace.serving.http.ServingServer;
import io.millrace.serving.metrics.ServingMetrics;
import io.millrace.serving.models.ModelStore;
import io.millrace.serving.models.ServedVersion;
import io.millrace.serving.models.VersionLoader;
import io.millrace.serving.predict.EntityPredictions;
import io.millrace.serving.predict.GoldenInstances;
import io.millrace.serving.predict.PredictRoutes;
import io.millrace.serving.predict.Predictor;
import io.millrace.serving.predict.Shadows;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** The server as it is shipped, but for the prediction log, with one model. */
final class OneModelServer {
  /** What tells {@link ServerProcess} that it listens. */
  static final String READY = "ready";

  private OneModelServer() {}

  /**
   * Serves until the process is ended.
   *
   * @param online where entities' features are looked up
   * @param further makes the routes beside those of predictions
   */
  static void run(
      OneModel source, OnlineFeatures online, int port, Function<ModelStore, Routes> further)
      throws InterruptedException {
    ServingMetrics metrics = new ServingMetrics();
    ModelStore models =
        new ModelStore(
            source,
            VersionLoader.of(source, new GoldenInstances()),
            metrics.models(),
            Clock.systemUTC());
    models.refresh(source.name());
    Predictor predictor =
        new Predictor(
            models,
            new EntityPredictions(online),
            ServedVersion::score,
            metrics.sink(record -> {}, Map.of()),
            new Shadows(),
            Limits.DEFAULT,
            Clock.systemUTC());
    try (ServingServer server =
        new ServingServer(
            HttpOptions.at("127.0.0.1", port),
            metrics.requests(),
            List.of(new PredictRoutes(predictor), further.apply(models)))) {
      int unused = server.start();
      System.out.println(READY);
      Thread.currentThread().join();
    }
  }
}
