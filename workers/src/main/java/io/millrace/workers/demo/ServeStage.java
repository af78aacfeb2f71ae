package io.millrace.workers.demo;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.activities.registry.MlflowRegistry;
import io.millrace.core.features.OnlineKey;
import io.millrace.core.registry.Aliases;
import io.millrace.core.registry.ModelRegistry;
import io.millrace.core.registry.ModelVersion;
import io.millrace.core.registry.PromotionRecord;
import io.millrace.core.registry.PromotionRequest;
import io.millrace.serving.predict.NamedModelRoutes;
import io.millrace.workers.cli.Console;
import io.millrace.workers.cli.Millrace;
import io.millrace.workers.serving.RegistryConnection;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Asks the server for predictions for users of the run. Meanwhile it promotes a copy of the
 * champion and rolls it back. The copy is the same model with the same gate, so that a demo that is
 * killed between the two leaves nothing to repair.
 */
final class ServeStage implements Stage {
  private static final String MODEL = NamedModelRoutes.PURCHASE;
  private static final int ENTITIES = 500;
  private static final Duration BEFORE = Duration.ofSeconds(2);
  private static final Duration ANSWER = Duration.ofSeconds(5);
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private static final String BY = "millrace demo";
  private static final String COPY_OF = "copy_of";

  /** When the aliases moved last. */
  private volatile long moved;

  private final Console console;
  private final URI serving;

  ServeStage(Console console, URI serving) {
    this.console = console;
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
    try (RegistryConnection connection =
        RegistryConnection.open(Millrace.settings(console), model -> moved = System.nanoTime())) {
      Optional<ModelVersion> champion = connection.store().byAlias(MODEL, Aliases.CHAMPION);
      if (champion.isEmpty()) {
        return "no model has passed the gate yet";
      }
      List<OnlineKey> entities = run.onlineKeys(ENTITIES);
      if (entities.isEmpty()) {
        return "no features are online";
      }
      progress.accept("waiting for version " + champion.get().version());
      Poll.until(this::served, champion.get().version()::equals);
      PredictionLoad load = new PredictionLoad(serving.resolve("/predict"), entities);
      try {
        run.served = exchange(connection, champion.get(), load, progress);
      } finally {
        load.stop();
      }
      return words(run.served, load);
    }
  }

  /** Promotes another version while requests are answered, and rolls it back. */
  private Served exchange(
      RegistryConnection connection,
      ModelVersion champion,
      PredictionLoad load,
      Consumer<String> progress)
      throws InterruptedException {
    ModelRegistry registry = connection.registry();
    ModelVersion other = other(connection.store(), champion);
    awaitVersion(load, champion.version());
    TimeUnit.MILLISECONDS.sleep(BEFORE.toMillis());
    progress.accept("promoting version " + other.version());
    double there = answered(() -> registry.promote(promotion(other)), load, other.version());
    TimeUnit.MILLISECONDS.sleep(BEFORE.toMillis());
    progress.accept("rolling back to version " + champion.version());
    double back =
        answered(
            () -> registry.rollBack(MODEL, BY, "the demo shows a rollback", null),
            load,
            champion.version());
    TimeUnit.MILLISECONDS.sleep(BEFORE.toMillis());
    load.stop();
    return Served.of(load, Math.max(there, back));
  }

  private static PromotionRequest promotion(ModelVersion other) {
    String reason = "the demo shows a promotion: the same model as the champion";
    return ModelVersion.PASSED.equals(other.tags().get(ModelVersion.GATE))
        ? PromotionRequest.of(MODEL, other.version(), BY, reason)
        : PromotionRequest.forced(MODEL, other.version(), BY, reason);
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

  /** The same model as the champion under another number: registered at the first demo. */
  private static ModelVersion other(MlflowRegistry registry, ModelVersion champion) {
    String original = champion.tags().getOrDefault(COPY_OF, champion.version());
    Optional<ModelVersion> known =
        registry.versions(MODEL).stream()
            .filter(one -> !one.version().equals(champion.version()))
            .filter(
                one -> one.version().equals(original) || original.equals(one.tags().get(COPY_OF)))
            .findFirst();
    return known.orElseGet(() -> copy(registry, champion));
  }

  private static ModelVersion copy(MlflowRegistry registry, ModelVersion champion) {
    Map<String, String> tags = new HashMap<>(champion.tags());
    tags.keySet().removeIf(tag -> tag.startsWith(PromotionRecord.PREFIX));
    tags.put(COPY_OF, champion.version());
    return registry.createVersion(
        MODEL,
        champion.runId(),
        champion.source(),
        "A copy of version %s, made by the demo".formatted(champion.version()),
        tags);
  }

  /** Milliseconds from the move of the alias to the first answer of a version. */
  private double answered(Runnable change, PredictionLoad load, String version)
      throws InterruptedException {
    change.run();
    awaitVersion(load, version);
    return Math.max(0, load.changedAt() - moved) / 1e6;
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
