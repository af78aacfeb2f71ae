package io.millrace.workers.demo;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.activities.registry.MlflowConfig;
import io.millrace.activities.registry.MlflowRegistry;
import io.millrace.activities.registry.MlflowRegistry.Version;
import io.millrace.activities.registry.ModelAnnouncements;
import io.millrace.activities.registry.RegistryActivitiesImpl;
import io.millrace.core.features.OnlineKey;
import io.millrace.serving.predict.NamedModelRoutes;
import io.millrace.stack.Endpoints;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Asks the server for predictions for users of the run, and moves the alias to another version and
 * back in the midst of it.
 */
final class ServeStage implements Stage {
  private static final String MODEL = NamedModelRoutes.PURCHASE;
  private static final int ENTITIES = 500;
  private static final Duration BEFORE = Duration.ofSeconds(2);
  private static final Duration ANSWER = Duration.ofSeconds(5);
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final Endpoints endpoints;
  private final URI serving;

  ServeStage(Endpoints endpoints, URI serving) {
    this.endpoints = endpoints;
    this.serving = serving;
  }

  /**
   * What was found.
   *
   * @param predictions scores that were given
   * @param errors requests that were not answered, or not wholly
   * @param reloadMillis from the move of the alias to the first answer of the other version, the
   *     longer of both ways
   */
  record Served(long predictions, long errors, double reloadMillis, double p50, double p99) {
    private static Served of(PredictionLoad load, double reloadMillis) {
      return new Served(
          load.predictions(),
          load.errors(),
          reloadMillis,
          load.latencyMillis(50),
          load.latencyMillis(99));
    }
  }

  @Override
  public String name() {
    return "serve";
  }

  @Override
  public Duration limit() {
    return Duration.ofMinutes(3);
  }

  @Override
  public String lookAt() {
    return "millrace logs serving-1, " + serving + "/health";
  }

  @Override
  public String run(DemoRun run, Consumer<String> progress) throws InterruptedException {
    run.servingUrl = serving.resolve("/docs").toString();
    MlflowRegistry registry = new MlflowRegistry(MlflowConfig.of(endpoints.mlflow().trackingUri()));
    Optional<Version> champion = registry.byAlias(MODEL, RegistryActivitiesImpl.CHAMPION);
    if (champion.isEmpty()) {
      return "no model has passed the gate yet";
    }
    List<OnlineKey> entities = run.onlineKeys(ENTITIES);
    if (entities.isEmpty()) {
      return "no features are online";
    }
    progress.accept("waiting for version " + champion.get().version());
    Poll.until(this::served, champion.get().version()::equals);
    Version other = other(registry, champion.get());
    PredictionLoad load = new PredictionLoad(serving.resolve("/predict"), entities);
    try (ModelAnnouncements announcements = new ModelAnnouncements(endpoints.redis().uri())) {
      Consumer<String> move =
          version -> {
            registry.setAlias(MODEL, RegistryActivitiesImpl.CHAMPION, version);
            announcements.announce(MODEL);
          };
      awaitVersion(load, champion.get().version());
      TimeUnit.MILLISECONDS.sleep(BEFORE.toMillis());
      progress.accept("moving the alias to version " + other.version());
      double there = moved(move, load, other.version());
      TimeUnit.MILLISECONDS.sleep(BEFORE.toMillis());
      progress.accept("and back to version " + champion.get().version());
      double back = moved(move, load, champion.get().version());
      TimeUnit.MILLISECONDS.sleep(BEFORE.toMillis());
      load.stop();
      run.served = Served.of(load, Math.max(there, back));
      return words(run.served, load);
    } finally {
      load.stop();
    }
  }

  /** The version that the server has; empty until it has one. */
  private String served() {
    HttpRequest request =
        HttpRequest.newBuilder(serving.resolve("/models/" + MODEL)).timeout(ANSWER).build();
    try {
      HttpResponse<byte[]> answer =
          HttpClient.newHttpClient().send(request, BodyHandlers.ofByteArray());
      return new ObjectMapper().readTree(answer.body()).path("version").asText();
    } catch (IOException e) {
      throw new UncheckedIOException(serving + " does not answer", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while waiting for " + serving, e);
    }
  }

  /** The version before, or a copy of this one if it is the first. */
  private static Version other(MlflowRegistry registry, Version champion) {
    int before = Integer.parseInt(champion.version()) - 1;
    if (before >= 1) {
      return registry.version(MODEL, Integer.toString(before));
    }
    return registry.createVersion(
        MODEL,
        champion.runId(),
        champion.source(),
        "A copy of version %s, made by the demo".formatted(champion.version()),
        Map.of("copy_of", champion.version()));
  }

  private static double moved(Consumer<String> move, PredictionLoad load, String version)
      throws InterruptedException {
    long started = System.nanoTime();
    move.accept(version);
    awaitVersion(load, version);
    return (System.nanoTime() - started) / 1e6;
  }

  private static void awaitVersion(PredictionLoad load, String version)
      throws InterruptedException {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!load.version().equals(version)) {
      if (System.nanoTime() > deadline) {
        throw new IllegalStateException(
            "version %s did not answer within %d s; the newest answer is of version '%s', the newest error: %s"
                .formatted(version, PATIENCE.toSeconds(), load.version(), load.lastError()));
      }
      TimeUnit.MILLISECONDS.sleep(1);
    }
  }

  private static String words(Served served, PredictionLoad load) {
    String errors =
        served.errors() == 0
            ? "no error"
            : served.errors() + " errors, such as " + load.lastError();
    return String.format(
        Locale.ROOT,
        "%,d predictions, %s; %.1f ms (p50), %.1f ms (p99); the other version after %.0f ms",
        served.predictions(),
        errors,
        served.p50(),
        served.p99(),
        served.reloadMillis());
  }
}
