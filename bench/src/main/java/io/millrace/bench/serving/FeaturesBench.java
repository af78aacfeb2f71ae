package io.millrace.bench.serving;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.bench.BenchServers;
import io.millrace.bench.Figures;
import io.millrace.bench.Given;
import io.millrace.bench.PeerPython;
import io.millrace.stack.Component;
import io.millrace.stack.ProgressListener;
import io.millrace.stack.Stack;
import io.millrace.stack.process.Ports;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Features over HTTP beside Feast's feature server, from one Redis with the same 10,000 rows, and
 * beside what Redis itself gives ({@code redis-benchmark}); predictions that look their features up
 * too.
 *
 * <p>Usage: {@code FeaturesBench [--json FILE] [--runs 3] [--seconds 10] [--workers 1,2] [--work
 * DIR]}. Top-level {@code feast_ratio}, {@code feast_batch_ratio} (100 entities a request) and
 * {@code redis_ratio} are our requests a second at 32 connections over theirs, Feast's with the
 * better number of workers: above 1 we are faster. {@code predict_p99_ms} is that of a prediction
 * with its look-up at 32 connections.
 */
public final class FeaturesBench {
  private FeaturesBench() {}

  public static void main(String[] args) throws IOException, InterruptedException {
    Given given = Given.of(args);
    Path work = Path.of(given.value("--work", "target/bench/features")).toAbsolutePath();
    Path peers = Path.of("bench", "peers").toAbsolutePath();
    PeerPython python = PeerPython.ready(peers, work, "features-requirements.lock");
    Files.createDirectories(work);
    Stack stack = new Stack(BenchServers.durable(work));
    try {
      stack.up(Set.of(Component.REDIS), ProgressListener.none());
      ObjectNode result = beside(given, python, URI.create(stack.endpoints().redis().uri()), work);
      Figures.write(result, Path.of(given.value("--json", "target/bench-features.json")));
    } finally {
      stack.purge();
    }
  }

  private static ObjectNode beside(Given given, PeerPython python, URI redis, Path work)
      throws IOException, InterruptedException {
    int port = Ports.free(1).get(0);
    Path rows = work.resolve("features.csv");
    try (ServerProcess side =
        ServerProcess.start(
            FeaturesSide.class, redis.toString(), Integer.toString(port), rows.toString())) {
      String url = "http://127.0.0.1:" + port;
      String predict = "%s/models/%s/predict".formatted(url, FeaturesSide.MODEL);
      List<String> arguments =
          List.of(
              "--rows",
              rows.toString(),
              "--folder",
              work.resolve("feast").toString(),
              "--redis",
              redis.getHost() + ":" + redis.getPort(),
              "--runs",
              given.value("--runs", "3"),
              "--seconds",
              given.value("--seconds", "10"),
              "--workers",
              given.value("--workers", "1,2"),
              "--running",
              "millrace=%s/features=%d".formatted(url, side.pid()),
              "millrace_100=%s/features=%d".formatted(url, side.pid()),
              "predict=%s=%d".formatted(predict, side.pid()));
      String password = redis.getUserInfo().substring(1);
      return result(python.figures("features.py", arguments, Map.of("REDIS_PASSWORD", password)));
    }
  }

  private static ObjectNode result(JsonNode figures) {
    ObjectNode result = Figures.JSON.createObjectNode();
    result.put("bench", "features").put("cores", Runtime.getRuntime().availableProcessors());
    result.setAll((ObjectNode) figures);
    double ours = ServingBench.rps(figures, "millrace");
    double theirs =
        Math.max(ServingBench.rps(figures, "feast1"), ServingBench.rps(figures, "feast2"));
    double batches =
        Math.max(ServingBench.rps(figures, "feast1_100"), ServingBench.rps(figures, "feast2_100"));
    if (theirs > 0) {
      result.put("feast_ratio", Figures.round(ours / theirs));
      result.put(
          "feast_batch_ratio", Figures.round(ServingBench.rps(figures, "millrace_100") / batches));
    }
    result.put("redis_ratio", Figures.round(ours / ServingBench.rps(figures, "redis")));
    return result.put("predict_p99_ms", figures.at("/predict/c32/p99_ms").asDouble());
  }
}
