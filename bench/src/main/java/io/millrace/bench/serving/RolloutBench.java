package io.millrace.bench.serving;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.activities.registry.MlflowConfig;
import io.millrace.activities.registry.MlflowRegistry;
import io.millrace.activities.registry.MlflowRegistry.Version;
import io.millrace.activities.registry.MlflowTracking;
import io.millrace.activities.registry.ModelAnnouncements;
import io.millrace.activities.registry.ModelUpload;
import io.millrace.activities.streaming.Topics;
import io.millrace.bench.BenchServers;
import io.millrace.bench.Figures;
import io.millrace.bench.Given;
import io.millrace.bench.serving.OpenLoop.Outcome;
import io.millrace.core.features.OnlineRow;
import io.millrace.core.features.PurchaseFeatures;
import io.millrace.core.serving.PredictionMessage;
import io.millrace.serving.models.Rollout;
import io.millrace.stack.Component;
import io.millrace.stack.Endpoints;
import io.millrace.stack.ProgressListener;
import io.millrace.stack.Stack;
import io.millrace.stack.process.Ports;
import io.millrace.workers.local.ServingProcesses;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Predictions at a constant rate while versions change: two replicas behind nginx, as {@code
 * millrace up --replicas 2} starts them, first left alone, then with the champion moved every ten
 * seconds and all replicas restarted one after the other in the middle.
 *
 * <p>Usage: {@code RolloutBench [--json FILE] [--seconds 600] [--quiet 60] [--every 10] [--rate N]
 * [--work DIR]}. Without a rate it is half of what the same client gets over 32 connections that
 * send their next request at once. {@code errors} must be 0, and {@code p99_ratio}, the p99 while
 * versions change over the p99 before, at most 2; {@code seconds_over_twice} says in how many
 * seconds the p99 was greater.
 */
public final class RolloutBench {
  private static final String MODEL = "bench";
  private static final int REPLICAS = 2;
  private static final int BODIES = 1_000;
  private static final int CONNECTIONS = 32;
  private static final Duration WARM_UP = Duration.ofSeconds(30);
  private static final Duration LIMIT = Duration.ofSeconds(60);

  private final Given given;
  private final Stack stack;
  private final ServingProcesses serving;
  private final HttpClient http = HttpClient.newHttpClient();
  private final List<Double> reloads = new ArrayList<>();

  private RolloutBench(Given given, Path work) {
    this.given = given;
    stack = new Stack(BenchServers.durable(work));
    Path state = stack.config().state();
    serving = new ServingProcesses(stack.config().home(), state, state, Ports.free(1).get(0));
  }

  public static void main(String[] args) throws Exception {
    Given given = Given.of(args);
    Path work = Path.of(given.value("--work", "target/bench/rollout")).toAbsolutePath();
    Files.createDirectories(work);
    ObjectNode result = new RolloutBench(given, work).run();
    Figures.write(result, Path.of(given.value("--json", "target/bench-rollout.json")));
    System.exit(0); // clients of servers that are gone may hold threads
  }

  private ObjectNode run() throws Exception {
    try {
      stack.up(Set.of(Component.MLFLOW, Component.REDIS, Component.KAFKA), ProgressListener.none());
      Endpoints at = stack.endpoints();
      Topics.ensureExist(at.kafka().bootstrapServers(), 1, List.of(PredictionMessage.TOPIC));
      MlflowConfig mlflow = MlflowConfig.of(at.mlflow().trackingUri());
      MlflowRegistry registry = new MlflowRegistry(mlflow);
      List<PurchaseFeatures> rows =
          FeaturesSide.rows().values().stream().map(OnlineRow::features).toList();
      try (MlflowTracking tracking = new MlflowTracking(mlflow);
          ModelAnnouncements announcements = new ModelAnnouncements(at.redis().uri())) {
        ModelUpload upload = new ModelUpload(tracking, registry, Clock.systemUTC());
        List<Version> versions = new ArrayList<>();
        for (int trees : List.of(100, 101, 102, 103)) {
          PurchaseModel model = PurchaseModel.train(rows, trees);
          versions.add(upload.register(MODEL, trees + " trees", model.artifacts()));
        }
        registry.setAlias(MODEL, Rollout.CHAMPION, versions.get(0).version());
        serving.start(stack.supervisor(), REPLICAS);
        awaitVersion(versions.get(0).version());
        return measure(
            bodies(rows),
            turn -> {
              String version = versions.get(turn % versions.size()).version();
              registry.setAlias(MODEL, Rollout.CHAMPION, version);
              announcements.announce(MODEL);
              return version;
            });
      }
    } finally {
      serving.start(stack.supervisor(), 0);
      stack.purge();
    }
  }

  /** Moves the champion; returns to which version. */
  @FunctionalInterface
  private interface Move {
    String to(int turn);
  }

  private ObjectNode measure(List<String> bodies, Move move) throws Exception {
    URI url = serving.url().resolve("/models/" + MODEL + "/predict");
    ObjectNode result = Figures.JSON.createObjectNode();
    result.put("bench", "rollout").put("cores", Runtime.getRuntime().availableProcessors());
    result.put("replicas", REPLICAS).put("load_before", Figures.load());
    try (OpenLoop load = new OpenLoop(url, bodies)) {
      double unused = load.most(CONNECTIONS, WARM_UP);
      double most = load.most(CONNECTIONS, WARM_UP);
      double rate = given.number("--rate", (int) (most / 2));
      result.put("most_rps", Figures.round(most)).put("rate", rate);
      Duration quiet = Duration.ofSeconds(given.number("--quiet", 60));
      Outcome before = load.run(rate, quiet);
      result.set("quiet", figures(before));
      Duration duration = Duration.ofSeconds(given.number("--seconds", 600));
      CompletableFuture<Double> changes =
          CompletableFuture.supplyAsync(() -> change(move, duration));
      Outcome during = load.run(rate, duration);
      result.put("rolling_restart_s", Figures.round(changes.get()));
      result.set("changing", figures(during));
      result.put("reloads", reloads.size());
      result.put("reload_p50_ms", Figures.round(percentile(50)));
      result.put("reload_max_ms", Figures.round(percentile(100)));
      result.put("errors", before.errors() + during.errors());
      result.put("p99_ratio", Figures.round(during.p99() / before.p99()));
      result.put("seconds_over_twice", during.secondsOver(2 * before.p99()));
      result.put("quiet_seconds_over_twice", before.secondsOver(2 * before.p99()));
    }
    return result.put("load_after", Figures.load());
  }

  /** Until the time is over; returns how long the restart in its midst took, in seconds. */
  private double change(Move move, Duration duration) {
    int every = given.number("--every", 10);
    int turns = (int) (duration.toSeconds() / every) - 1;
    if (turns < 2) {
      throw new IllegalArgumentException(
          "--seconds %d is too short for versions every %d s: at least three times as long"
              .formatted(duration.toSeconds(), every));
    }
    long start = System.nanoTime();
    CompletableFuture<Double> restart = new CompletableFuture<>();
    for (int turn = 1; turn <= turns; turn++) {
      sleepUntil(start + TimeUnit.SECONDS.toNanos((long) turn * every));
      long moved = System.nanoTime();
      awaitVersion(move.to(turn));
      reloads.add((System.nanoTime() - moved) / 1e6);
      if (turn == turns / 2) {
        restart.completeAsync(this::restart);
      }
    }
    return restart.join();
  }

  /** Both replicas; in seconds. */
  private double restart() {
    long began = System.nanoTime();
    int unused = serving.restart(stack.supervisor());
    return (System.nanoTime() - began) / 1e9;
  }

  private static void sleepUntil(long nanos) {
    try {
      TimeUnit.NANOSECONDS.sleep(nanos - System.nanoTime());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted between two changes", e);
    }
  }

  /** Until the replicas answer with a version, all that are not being restarted. */
  private void awaitVersion(String version) {
    long deadline = System.nanoTime() + LIMIT.toNanos();
    for (Set<String> all = served(); !all.equals(Set.of(version)); all = served()) {
      if (System.nanoTime() > deadline) {
        throw new IllegalStateException(
            "The replicas answer with %s and do not come to %s".formatted(all, version));
      }
      sleepUntil(System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(50));
    }
  }

  /** The versions of the replicas that listen. */
  private Set<String> served() {
    return IntStream.rangeClosed(1, REPLICAS)
        .mapToObj(replica -> served(serving.url().getPort() + replica))
        .flatMap(Optional::stream)
        .collect(Collectors.toSet());
  }

  /**
   * The version of a replica: none while it does not listen, an empty one while it has no model.
   */
  private Optional<String> served(int port) {
    URI model = URI.create("http://127.0.0.1:%d/models/%s".formatted(port, MODEL));
    HttpRequest request = HttpRequest.newBuilder(model).timeout(LIMIT).build();
    try {
      byte[] answer = http.send(request, BodyHandlers.ofByteArray()).body();
      return Optional.of(Figures.JSON.readTree(answer).path("version").asText());
    } catch (IOException e) {
      return Optional.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while waiting for " + model, e);
    }
  }

  private double percentile(double percent) {
    return Figures.percentile(percent, reloads.stream().mapToDouble(Double::doubleValue).toArray());
  }

  private static ObjectNode figures(Outcome outcome) {
    ObjectNode figures = Figures.JSON.createObjectNode();
    figures.put("requests", outcome.requests()).put("errors", outcome.errors());
    figures.put("first_error", outcome.firstError());
    figures.put("p50_ms", Figures.round(outcome.p50()));
    figures.put("p99_ms", Figures.round(outcome.p99()));
    figures.put("p999_ms", Figures.round(outcome.p999()));
    return figures.put("max_ms", Figures.round(outcome.max()));
  }

  private static List<String> bodies(List<PurchaseFeatures> rows) {
    return rows.stream().limit(BODIES).map(RolloutBench::body).toList();
  }

  private static String body(PurchaseFeatures row) {
    ObjectNode body = Figures.JSON.createObjectNode();
    body.putArray("instances").addPOJO(PurchaseModel.instance(row));
    return body.toString();
  }
}
