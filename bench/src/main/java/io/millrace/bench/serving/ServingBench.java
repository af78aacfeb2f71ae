package io.millrace.bench.serving;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.bench.Figures;
import io.millrace.bench.Given;
import io.millrace.bench.PeerPython;
import io.millrace.stack.process.Ports;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * Predictions over HTTP beside FastAPI with uvicorn and Ray Serve, on one model and with the same
 * bodies, and beside a handler on our own server that does nothing (the limit).
 *
 * <p>Usage: {@code ServingBench [--json FILE] [--runs 3] [--seconds 10] [--peers
 * fastapi1,fastapi2,ray1]}. Top-level {@code fastapi_ratio}, {@code rayserve_ratio} and {@code
 * noop_ratio} are our requests a second at 32 connections over theirs, of the better of several
 * worker counts: above 1 we are faster.
 */
public final class ServingBench {
  private ServingBench() {}

  public static void main(String[] args) throws IOException, InterruptedException {
    Given given = Given.of(args);
    Path work = Path.of("target", "bench", "serving").toAbsolutePath();
    Path peers = Path.of("bench", "peers").toAbsolutePath();
    PeerPython python = PeerPython.ready(peers, work, "serving-requirements.lock");
    String data = work.resolve("data").toString();
    JsonNode prepared = python.figures("serving.py", List.of("--data", data, "--prepare"));
    int port = Ports.free(1).get(0);
    try (ServerProcess side =
        ServerProcess.start(
            ServingSide.class, prepared.path("model").asText(), Integer.toString(port))) {
      ObjectNode result = measure(given, python, data, port, side.pid());
      Figures.write(result, Path.of(given.value("--json", "target/bench-serving.json")));
    }
  }

  private static ObjectNode measure(Given given, PeerPython python, String data, int port, long pid)
      throws IOException, InterruptedException {
    String url = "http://127.0.0.1:" + port;
    ObjectNode result = Figures.JSON.createObjectNode();
    result.put("bench", "serving").put("cores", Runtime.getRuntime().availableProcessors());
    JsonNode figures =
        python.figures(
            "serving.py",
            List.of(
                "--data",
                data,
                "--runs",
                given.value("--runs", "3"),
                "--seconds",
                given.value("--seconds", "10"),
                "--peers",
                given.value("--peers", "fastapi1,fastapi2,ray1"),
                "--running",
                "millrace=%s/models/%s/predict=%d".formatted(url, ServingSide.MODEL, pid),
                "noop=%s%s=%d".formatted(url, ServingSide.NOOP, pid)));
    result.setAll((ObjectNode) figures);
    double ours = rps(figures, "millrace");
    result.put("noop_ratio", Figures.round(ours / rps(figures, "noop")));
    ratio(result, "fastapi_ratio", ours, rps(figures, "fastapi1"), rps(figures, "fastapi2"));
    ratio(result, "rayserve_ratio", ours, rps(figures, "ray1"), rps(figures, "ray2"));
    return result;
  }

  private static void ratio(ObjectNode result, String name, double ours, double one, double other) {
    double theirs = Math.max(one, other);
    if (theirs > 0) {
      result.put(name, Figures.round(ours / theirs));
    }
  }

  /** Requests a second at 32 connections; 0 if the side was not measured. */
  static double rps(JsonNode figures, String side) {
    return figures.path(side).path("c32").path("rps").asDouble();
  }
}
