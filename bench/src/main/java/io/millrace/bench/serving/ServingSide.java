package io.millrace.bench.serving;

import io.javalin.Javalin;
import io.millrace.core.serving.ModelSchema;
import io.millrace.core.serving.Scorer;
import io.millrace.core.training.CategoryMappings;
import io.millrace.serving.http.Answers;
import io.millrace.serving.http.HttpOptions;
import io.millrace.serving.http.Limits;
import io.millrace.serving.http.Problem;
import io.millrace.serving.http.ServingServer;
import io.millrace.serving.metrics.ServingMetrics;
import io.millrace.serving.models.ModelStore;
import io.millrace.serving.models.ServedVersion;
import io.millrace.serving.models.VersionFiles;
import io.millrace.serving.models.VersionLoader;
import io.millrace.serving.predict.EntityPredictions;
import io.millrace.serving.predict.GoldenInstances;
import io.millrace.serving.predict.PredictRoutes;
import io.millrace.serving.predict.Predictor;
import io.millrace.serving.predict.Shadows;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;

/**
 * Our side of the serving bench: the server as it is shipped, with one model from a file, and a
 * handler that reads the body and answers with a constant.
 */
final class ServingSide {
  static final String MODEL = "bench";
  static final String NOOP = "/noop";

  private static final List<String> INPUTS =
      List.of(
          "brand",
          "price",
          "event_weekday",
          "category_level1",
          "category_level2",
          "activity_count");

  private ServingSide() {}

  public static void main(String[] args) throws IOException, InterruptedException {
    ServingMetrics metrics = new ServingMetrics();
    OneModel source = new OneModel(MODEL, files(Files.readAllBytes(Path.of(args[0]))));
    ModelStore store =
        new ModelStore(
            source,
            VersionLoader.of(source, new GoldenInstances()),
            metrics.reloads(),
            Clock.systemUTC());
    store.refresh(MODEL);
    Predictor predictor =
        new Predictor(
            store,
            new EntityPredictions(
                keys -> {
                  throw Problem.unavailable("there is no online store here");
                }),
            ServedVersion::score,
            metrics.sink(record -> {}, Map.of()),
            new Shadows(),
            Limits.DEFAULT,
            Clock.systemUTC());
    try (ServingServer server =
        new ServingServer(
            HttpOptions.at("127.0.0.1", Integer.parseInt(args[1])),
            metrics.requests(),
            List.of(new PredictRoutes(predictor), ServingSide::noop))) {
      int unused = server.start();
      System.out.println("ready");
      Thread.currentThread().join();
    }
  }

  private static VersionFiles files(byte[] model) {
    return new VersionFiles(
        ModelSchema.numbers(INPUTS), new CategoryMappings(Map.of()), Scorer.read(model), null);
  }

  private static void noop(Javalin app) {
    app.post(
        NOOP,
        context -> {
          int length = context.bodyAsBytes().length;
          Answers.ok(context, json -> json.writeNumberField("length", length));
        });
  }
}
