package io.millrace.workers.serving;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.millrace.core.features.OnlineKey;
import io.millrace.core.features.OnlineRow;
import io.millrace.core.features.OnlineVersion;
import io.millrace.core.features.PurchaseFeatures;
import io.millrace.core.serving.ModelSchema.Input;
import io.millrace.core.serving.ModelSchema.Kind;
import io.millrace.serving.features.OnlineFeatures;
import io.millrace.serving.http.HttpOptions;
import io.millrace.serving.http.Limits;
import io.millrace.serving.http.ServingServer;
import io.millrace.serving.log.KafkaPredictionLog;
import io.millrace.serving.metrics.ServingMetrics;
import io.millrace.serving.models.ActiveVersions;
import io.millrace.serving.models.ModelReloader;
import io.millrace.serving.models.ModelRoutes;
import io.millrace.serving.models.ModelSource;
import io.millrace.serving.models.ModelStore;
import io.millrace.serving.models.Scoring;
import io.millrace.serving.models.VersionLoader;
import io.millrace.serving.predict.EntityPredictions;
import io.millrace.serving.predict.GoldenInstances;
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
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Lets the JVM compile what answers requests before the first real one comes: a cold server costs
 * many times a warm one's time, and falls behind when a proxy gives it its full share at once.
 *
 * <p>Predictions are asked of a server of its own on a free port of this machine, which serves the
 * same models as if their aliases moved every second, and is asked other things, too. Nothing of it
 * is kept or counted; the registry and the online store are only read.
 *
 * <p>That server stays open, without its models, until this is closed: stopping does what the JVM
 * has not seen before, and makes it throw away what it compiled for those that run.
 */
final class WarmUp implements AutoCloseable {
  /** What is asked at least: compilers rest, too, while nothing has run often enough. */
  static final int MIN = 30_000;

  /** And as many versions are loaded at least, however fast it is asked. */
  private static final int MIN_LOADS = 2;

  /** What is asked at least between two looks, however little of the processors this one gets. */
  private static final int STEP = 5_000;

  private static final long LOOK_NANOS = 500_000_000;
  private static final String FROM_A_CLIENT = "Host: 127.0.0.1:8000\r\nX-Request-ID: warm-up";
  private static final String FROM_A_PROXY =
      String.join(
          "\r\n",
          "Host: 127.0.0.1",
          "X-Forwarded-For: 127.0.0.1",
          "User-Agent: warm-up",
          "Accept: */*",
          "Accept-Encoding: identity");
  private static final OnlineRow ANY_ROW =
      new OnlineRow(
          new OnlineVersion(Instant.EPOCH, "0".repeat(16), 1),
          "",
          new PurchaseFeatures("", 1, 1, "", "", 1));

  private final RenumberedVersions versions;
  private final ModelStore models;
  private final OnlineFeatures features;
  private final ServingMetrics metrics = new ServingMetrics();
  private final KafkaPredictionLog log = KafkaPredictionLog.discarding();
  private final Shadows shadows = new Shadows();
  private final ModelReloader reloader;
  private final ServingServer server;

  /**
   * Asks nothing yet.
   *
   * @param registry where the models come from
   * @param features looked up and not used; may fail
   * @param scoring the real server's, for what is compiled for another class would be thrown away
   *     when that comes; must not trace
   */
  WarmUp(ModelSource registry, OnlineFeatures features, Scoring scoring) {
    this.versions = new RenumberedVersions(registry);
    this.models =
        new ModelStore(
            versions,
            VersionLoader.of(versions, new GoldenInstances()),
            (model, version, alias, took, refusal) -> {},
            Clock.systemUTC());
    this.features = features;
    this.reloader = new ModelReloader(models, List::of);
    this.server = server(scoring);
  }

  /**
   * Asks until the compilers have nothing left to do, or the time is over.
   *
   * @param names the models, which the registry has
   * @return how many predictions were asked for; 0 if there is no model
   * @throws IOException if an answer is not 200
   * @throws RuntimeException if the registry does not answer
   */
  int run(List<String> names, Duration limit) throws IOException {
    if (names.isEmpty()) {
      return 0;
    }
    List<byte[]> requests = names.stream().map(models::refresh).flatMap(WarmUp::both).toList();
    int port = server.start();
    try (WarmUpLoad load = WarmUpLoad.start(port, requests);
        WarmUpVisits visits = new WarmUpVisits(port, names)) {
      visits.start();
      return ask(load, visits, System.nanoTime() + limit.toNanos());
    } finally {
      // It asks nobody for a key: nothing must be had of it, not after a reload either.
      versions.end();
      models.forget();
    }
  }

  private static int ask(WarmUpLoad load, WarmUpVisits visits, long deadline) throws IOException {
    Compilers compilers = new Compilers();
    int next = STEP;
    do {
      LockSupport.parkNanos(LOOK_NANOS);
      int answered = load.answered();
      if (answered >= next) {
        if (compilers.rest() && answered >= MIN && visits.loaded() >= MIN_LOADS) {
          break;
        }
        next = answered + STEP;
      }
    } while (System.nanoTime() < deadline && !Thread.currentThread().isInterrupted());
    return load.answered();
  }

  private ServingServer server(Scoring scoring) {
    Predictor predictor =
        new Predictor(
            models,
            new EntityPredictions(this::lookUp),
            scoring,
            metrics.sink(log, Map.of()),
            shadows,
            Limits.DEFAULT,
            Clock.systemUTC());
    return new ServingServer(
        HttpOptions.at("127.0.0.1", 0),
        metrics.requests(),
        List.of(new ModelRoutes(models, reloader), new PredictRoutes(predictor), metrics));
  }

  /** A store that is away hinders nobody here. */
  private CompletableFuture<List<@Nullable OnlineRow>> lookUp(
      List<OnlineKey> keys, Executor threads) {
    return features
        .find(keys, threads)
        .handle((found, failure) -> Collections.nCopies(keys.size(), ANY_ROW));
  }

  /** An instance, and a user and a product. */
  private static Stream<byte[]> both(ActiveVersions live) {
    String name = live.champion().model();
    String fields =
        live.champion().schema().inputs().stream()
            .map(WarmUp::field)
            .collect(Collectors.joining(","));
    return Stream.of(
        request(name, FROM_A_CLIENT, "{\"instances\":[{" + fields + "}]}"),
        request(name, FROM_A_PROXY, "{\"entities\":[{\"user_id\":1,\"product_id\":1}]}"),
        request(name, FROM_A_PROXY, "{\"instances\":[{" + fields + "}]}"));
  }

  private static String field(Input input) {
    return "\"" + input.name() + "\":" + (input.kind() == Kind.NUMBER ? "1.5" : "\"\"");
  }

  private static byte[] request(String model, String headers, String body) {
    return String.join(
            "\r\n",
            "POST /models/" + model + "/predict HTTP/1.1",
            headers,
            "Content-Type: application/json",
            "Content-Length: " + body.getBytes(UTF_8).length,
            "",
            body)
        .getBytes(UTF_8);
  }

  @Override
  public void close() {
    server.close();
    reloader.close();
    log.close();
    shadows.close();
    metrics.close();
  }
}
