package io.millrace.workers.serving;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.millrace.core.features.OnlineRow;
import io.millrace.core.features.OnlineVersion;
import io.millrace.core.features.PurchaseFeatures;
import io.millrace.core.serving.ModelSchema.Input;
import io.millrace.core.serving.ModelSchema.Kind;
import io.millrace.serving.http.HttpOptions;
import io.millrace.serving.http.Limits;
import io.millrace.serving.http.ServingServer;
import io.millrace.serving.log.PredictionSink;
import io.millrace.serving.metrics.ServingMetrics;
import io.millrace.serving.models.ModelStore;
import io.millrace.serving.models.ServedVersion;
import io.millrace.serving.predict.EntityPredictions;
import io.millrace.serving.predict.PredictRoutes;
import io.millrace.serving.predict.Predictor;
import io.millrace.serving.predict.Shadows;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Lets the JVM compile what answers requests before the first real one comes: a cold server costs
 * many times a warm one's time, and falls behind when a proxy gives it its full share at once.
 *
 * <p>Predictions are asked of a server of its own on a free port of this machine, with the models
 * that are loaded; nothing of it is kept, counted or looked up.
 */
final class WarmUp {
  /** A server that stops does what none has done before: much is compiled anew in the next. */
  static final int ROUNDS = 2;

  /** What is asked at least in each: compilers rest, too, while nothing has run often enough. */
  static final int LEAST = 30_000;

  /** What is asked at least between two looks, however little of the processors this one gets. */
  private static final int STEP = 5_000;

  private static final long LOOK_NANOS = 500_000_000;
  private static final OnlineRow ANY_ROW =
      new OnlineRow(
          new OnlineVersion(Instant.EPOCH, "0".repeat(16), 1),
          "",
          new PurchaseFeatures("", 1, 1, "", "", 1));

  private WarmUp() {}

  /**
   * Asks until the compilers have nothing left to do, or the time is over.
   *
   * @return how many predictions were asked for; 0 if there is no model yet
   * @throws IOException if an answer is not 200
   */
  static int run(ModelStore models, Duration limit) throws IOException {
    List<byte[]> requests = models.names().stream().flatMap(name -> both(models, name)).toList();
    if (requests.isEmpty()) {
      return 0;
    }
    long deadline = System.nanoTime() + limit.toNanos();
    int asked = 0;
    for (int round = 0; round < ROUNDS; round++) {
      asked += round(models, requests, deadline);
    }
    return asked;
  }

  private static int round(ModelStore models, List<byte[]> requests, long deadline)
      throws IOException {
    try (ServingMetrics metrics = new ServingMetrics();
        Shadows shadows = new Shadows();
        ServingServer server = server(models, metrics, shadows);
        WarmUpLoad load = WarmUpLoad.start(server.start(), requests)) {
      return ask(load, deadline);
    }
  }

  private static int ask(WarmUpLoad load, long deadline) throws IOException {
    Compilers compilers = new Compilers();
    int next = STEP;
    do {
      LockSupport.parkNanos(LOOK_NANOS);
      int answered = load.answered();
      if (answered >= next) {
        if (compilers.rest() && answered >= LEAST) {
          break;
        }
        next = answered + STEP;
      }
    } while (System.nanoTime() < deadline && !Thread.currentThread().isInterrupted());
    return load.answered();
  }

  private static ServingServer server(ModelStore models, ServingMetrics metrics, Shadows shadows) {
    Predictor predictor =
        new Predictor(
            models,
            new EntityPredictions(keys -> Collections.nCopies(keys.size(), ANY_ROW)),
            ServedVersion::score,
            metrics.sink(PredictionSink.discarding(), Map.of()),
            shadows,
            Limits.DEFAULT,
            Clock.systemUTC());
    return new ServingServer(
        HttpOptions.at("127.0.0.1", 0), metrics.requests(), List.of(new PredictRoutes(predictor)));
  }

  /** An instance, and a user and a product. */
  private static Stream<byte[]> both(ModelStore models, String name) {
    String fields =
        models.require(name).champion().schema().inputs().stream()
            .map(WarmUp::field)
            .collect(Collectors.joining(","));
    return Stream.of(
        request(name, "{\"instances\":[{" + fields + "}]}"),
        request(name, "{\"entities\":[{\"user_id\":1,\"product_id\":1}]}"));
  }

  private static String field(Input input) {
    return "\"" + input.name() + "\":" + (input.kind() == Kind.NUMBER ? "1.5" : "\"\"");
  }

  private static byte[] request(String model, String body) {
    return String.join(
            "\r\n",
            "POST /models/" + model + "/predict HTTP/1.1",
            "Host: localhost",
            "Content-Type: application/json",
            "Content-Length: " + body.getBytes(UTF_8).length,
            "",
            body)
        .getBytes(UTF_8);
  }
}
