package io.millrace.bench.serving;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.activities.registry.MlflowConfig;
import io.millrace.activities.registry.MlflowRegistry;
import io.millrace.activities.registry.MlflowTracking;
import io.millrace.activities.registry.ModelAnnouncements;
import io.millrace.activities.registry.ModelUpload;
import io.millrace.activities.streaming.Topics;
import io.millrace.bench.BenchServers;
import io.millrace.bench.Figures;
import io.millrace.bench.Given;
import io.millrace.bench.serving.OpenLoop.Outcome;
import io.millrace.bench.serving.RolloutChanges.Done;
import io.millrace.bench.serving.RolloutChanges.Move;
import io.millrace.core.features.OnlineRow;
import io.millrace.core.features.PurchaseFeatures;
import io.millrace.core.registry.Aliases;
import io.millrace.core.registry.ModelVersion;
import io.millrace.core.serving.PredictionMessage;
import io.millrace.stack.Component;
import io.millrace.stack.Endpoints;
import io.millrace.stack.ProgressListener;
import io.millrace.stack.Stack;
import io.millrace.stack.process.Ports;
import io.millrace.workers.local.ServingProcesses;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/**
 * Predictions at a constant rate while versions change: two replicas behind nginx, as {@code
 * millrace up --replicas 2} starts them, first left alone, then with the champion moved every ten
 * seconds and all replicas restarted one after the other in the middle.
 *
 * <p>Usage: {@code RolloutBench [--json FILE] [--seconds 600] [--quiet 60] [--every 10] [--rate N]
 * [--work DIR]}. Without a rate it is half of {@code most_held_rps}, the most at which requests at
 * a constant rate are kept up with; {@code most_rps} is what 32 connections get that send their
 * next request at once. {@code errors} must be 0, and {@code p99_ratio}, the p99 while versions
 * change over the p99 before, at most 2; {@code seconds_over_twice} says in how many seconds the
 * p99 was greater.
 */
public final class RolloutBench {
  private static final String MODEL = "bench";
  private static final int REPLICAS = 2;
  private static final String LOW = "19";
  private static final String NORMAL = "0";
  private static final int BODIES = 1_000;
  private static final int CONNECTIONS = 32;
  private static final Duration WARM_UP = Duration.ofSeconds(30);
  private static final int WARM_UP_MOVES = 4;
  private static final Duration HELD = Duration.ofSeconds(10);

  private final Given given;
  private final Stack stack;
  private final ServingProcesses serving;
  private final RolloutChanges changes;

  private RolloutBench(Given given, Path work) {
    this.given = given;
    stack = new Stack(BenchServers.durable(work));
    Path state = stack.config().state();
    serving = new ServingProcesses(stack.config().home(), state, state, Ports.free(1).get(0));
    changes = new RolloutChanges(serving, stack.supervisor(), MODEL, REPLICAS);
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
      priority(stack.supervisor().find(Component.MLFLOW.id()).orElseThrow().id().pid(), LOW);
      long self = ProcessHandle.current().pid();
      // It is the session's, which may be a terminal's: that must not stay slow.
      Runtime.getRuntime().addShutdownHook(new Thread(() -> priority(self, NORMAL)));
      priority(self, LOW);
      Endpoints at = stack.endpoints();
      Topics.ensureExist(at.kafka().bootstrapServers(), 1, List.of(PredictionMessage.TOPIC));
      MlflowConfig mlflow = MlflowConfig.of(at.mlflow().trackingUri());
      MlflowRegistry registry = new MlflowRegistry(mlflow);
      List<PurchaseFeatures> rows =
          FeaturesSide.rows().values().stream().map(OnlineRow::features).toList();
      try (MlflowTracking tracking = new MlflowTracking(mlflow);
          ModelAnnouncements announcements = new ModelAnnouncements(at.redis().uri())) {
        ModelUpload upload = new ModelUpload(tracking, registry, Clock.systemUTC());
        List<ModelVersion> versions = new ArrayList<>();
        for (int trees : List.of(100, 101, 102, 103)) {
          PurchaseModel model = PurchaseModel.train(rows, trees);
          versions.add(upload.register(MODEL, trees + " trees", model.artifacts()));
        }
        registry.setAlias(MODEL, Aliases.CHAMPION, versions.get(0).version());
        serving.start(stack.supervisor(), REPLICAS);
        changes.awaitVersion(versions.get(0).version());
        return measure(
            bodies(rows),
            turn -> {
              String version = versions.get(turn % versions.size()).version();
              registry.setAlias(MODEL, Aliases.CHAMPION, version);
              announcements.announce(MODEL);
              return version;
            });
      }
    } finally {
      serving.start(stack.supervisor(), 0);
      stack.purge();
    }
  }

  /**
   * Of a process's session. The registry, and who moves the versions, have machines of their own
   * elsewhere; here they get what the others leave.
   */
  private static void priority(long pid, String nice) {
    try {
      Files.writeString(Path.of("/proc", Long.toString(pid), "autogroup"), nice);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private ObjectNode measure(Path bodies, Move move) throws Exception {
    URI url = serving.url().resolve("/models/" + MODEL + "/predict");
    ObjectNode result = Figures.JSON.createObjectNode();
    result.put("bench", "rollout").put("cores", Runtime.getRuntime().availableProcessors());
    result.put("replicas", REPLICAS).put("load_before", Figures.load());
    try (OpenLoopProcess load = OpenLoopProcess.start(url, bodies)) {
      double unused = load.most(CONNECTIONS, WARM_UP);
      // A first move costs seconds of cold code, in this process most of all.
      for (int turn = 1; turn <= WARM_UP_MOVES; turn++) {
        changes.awaitVersion(move.to(turn));
      }
      double rate = given.number("--rate", 0);
      if (rate == 0) {
        double most = load.most(CONNECTIONS, WARM_UP);
        double held = load.mostHeld(most, HELD);
        rate = Math.floor(held / 2);
        result.put("most_rps", Figures.round(most)).put("most_held_rps", Figures.round(held));
      }
      result.put("rate", rate);
      Outcome settled = load.run(rate, HELD);
      Duration quiet = Duration.ofSeconds(given.number("--quiet", 60));
      Outcome before = load.run(rate, quiet);
      result.set("quiet", figures(before));
      Duration duration = Duration.ofSeconds(given.number("--seconds", 600));
      Duration every = Duration.ofSeconds(given.number("--every", 10));
      CompletableFuture<Done> changed =
          CompletableFuture.supplyAsync(() -> changes.run(move, duration, every));
      Outcome during = load.run(rate, duration);
      Done done = changed.get();
      result.set("changing", figures(during));
      result.put("rolling_restart_from_s", Figures.round(done.restartFrom()));
      result.put("rolling_restart_s", Figures.round(done.restartTo() - done.restartFrom()));
      result.put("reloads", done.reloads().size());
      result.put("reload_p50_ms", Figures.round(done.reloadMillis(50)));
      result.put("reload_max_ms", Figures.round(done.reloadMillis(100)));
      result.put("errors", settled.errors() + before.errors() + during.errors());
      result.put("p99_ratio", Figures.round(during.p99() / before.p99()));
      List<Integer> over = during.secondsOver(2 * before.p99());
      result.put("seconds_over_twice", over.size());
      result.put("of_these_restarting", over.stream().filter(done::restartedIn).count());
      result.put("quiet_seconds_over_twice", before.secondsOver(2 * before.p99()).size());
    }
    return result.put("load_after", Figures.load());
  }

  private static ObjectNode figures(Outcome outcome) {
    ObjectNode figures = Figures.JSON.createObjectNode();
    figures.put("requests", outcome.requests()).put("errors", outcome.errors());
    figures.put("first_error", outcome.firstError());
    figures.put("p50_ms", Figures.round(outcome.p50()));
    figures.put("p99_ms", Figures.round(outcome.p99()));
    figures.put("p999_ms", Figures.round(outcome.p999()));
    figures.put("max_ms", Figures.round(outcome.max()));
    outcome.seconds().forEach(figures.putArray("p99_ms_by_second")::add);
    return figures;
  }

  /** One a line. */
  private Path bodies(List<PurchaseFeatures> rows) throws IOException {
    Path file = stack.config().state().resolve("bodies.jsonl");
    return Files.write(file, rows.stream().limit(BODIES).map(RolloutBench::body).toList());
  }

  private static String body(PurchaseFeatures row) {
    ObjectNode body = Figures.JSON.createObjectNode();
    body.putArray("instances").addPOJO(PurchaseModel.instance(row));
    return body.toString();
  }
}
