package io.millrace.bench.serving;

import io.javalin.Javalin;
import io.millrace.core.serving.ModelSchema;
import io.millrace.core.serving.Scorer;
import io.millrace.core.training.CategoryMappings;
import io.millrace.serving.http.JsonResponses;
import io.millrace.serving.http.Problem;
import io.millrace.serving.models.VersionFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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
    OneModelServer.run(
        new OneModel(MODEL, files(Files.readAllBytes(Path.of(args[0])))),
        (keys, threads) -> {
          throw Problem.unavailable("there is no online store here");
        },
        Integer.parseInt(args[1]),
        models -> ServingSide::noop);
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
          JsonResponses.ok(context, json -> json.writeNumberField("length", length));
        });
  }
}
