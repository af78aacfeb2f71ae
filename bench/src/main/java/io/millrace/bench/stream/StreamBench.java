package io.millrace.bench.stream;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.activities.streaming.Topics;
import io.millrace.bench.Figures;
import io.millrace.bench.Given;
import io.millrace.bench.PeerPython;
import io.millrace.stack.Component;
import io.millrace.stack.LocalStack;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Events a second of the validation job, beside a Kafka-to-Kafka copy with nothing between (the
 * limit) and the seed's own way (PyFlink), on the same topic in one run; then the validation's
 * latency at half its maximum, and the size and time of a checkpoint with many keys.
 *
 * <p>Usage: {@code StreamBench [--json FILE] [--messages 1000000] [--python-messages N] [--runs 3]
 * [--keys 1000000] [--no-pyflink]}. PyFlink's rate is that of its first messages. Top-level {@code
 * copy_ratio} and {@code pyflink_ratio} are our events a second over theirs at the same
 * parallelism, the better of 1 and 2: above 1 we are faster.
 */
public final class StreamBench {
  private static final double BAD_RATE = 0.1;
  private static final int PARTITIONS = 4;
  private static final List<Integer> PARALLELISMS = List.of(1, 2);

  private final Given given;
  private final Path home = Path.of("").toAbsolutePath();
  private final Path work;
  private final Map<String, List<StreamRun>> runs = new TreeMap<>();

  private StreamBench(Given given) throws IOException {
    this.given = given;
    this.work = Files.createDirectories(Path.of("target", "bench", "stream").toAbsolutePath());
  }

  public static void main(String[] args) throws Exception {
    Given given = Given.of(args);
    ObjectNode result = new StreamBench(given).run();
    Figures.write(result, Path.of(given.value("--json", "target/bench-stream.json")));
    System.exit(0); // clients of servers that are gone may hold threads
  }

  private ObjectNode run() throws Exception {
    ObjectNode result = Figures.JSON.createObjectNode();
    result.put("bench", "stream").put("messages", given.number("--messages", 1_000_000));
    result.put("cores", Runtime.getRuntime().availableProcessors());
    result.put("load_before", Figures.load());
    throughput();
    runs.forEach((name, all) -> result.set(name, StreamRun.median(all).json(all.size())));
    int best =
        PARALLELISMS.stream()
            .max(Comparator.comparingDouble(p -> rate("validation_p" + p)))
            .orElseThrow();
    result.put("events_per_second", Math.round(rate("validation_p" + best)));
    result.put("copy_ratio", Figures.round(rate("validation_p" + best) / rate("copy_p" + best)));
    if (!given.has("--no-pyflink")) {
      result.put(
          "pyflink_ratio", Figures.round(rate("validation_p" + best) / rate("pyflink_p" + best)));
    }
    result.setAll(StreamLatency.measure(home, work, (int) (rate("validation_p" + best) / 2)));
    result.set("state", StreamState.measure(home, work, given.number("--keys", 1_000_000)));
    result.put("load_after", Figures.load());
    return result;
  }

  private double rate(String name) {
    return StreamRun.median(runs.getOrDefault(name, List.of())).written().perSecond();
  }

  private void throughput() throws Exception {
    PeerPython python =
        given.has("--no-pyflink")
            ? null
            : PeerPython.ready(home.resolve("bench/peers"), work, "stream-requirements.lock");
    try (LocalStack stack = LocalStack.forTests(Component.KAFKA, Component.S3)) {
      StreamServers servers = new StreamServers(stack.endpoints());
      StreamSide sides = new StreamSide(stack.endpoints(), home, work);
      int messages = given.number("--messages", 1_000_000);
      int fewer = given.number("--python-messages", given.number("--messages", 1_000_000));
      servers.produce(messages, BAD_RATE, PARTITIONS);
      for (int run = 0; run < given.number("--runs", 3); run++) { // in turn: noise hits all sides
        for (int parallelism : PARALLELISMS) {
          String copied = servers.topic("copied-" + run + "-" + parallelism, PARTITIONS);
          add(
              "copy_p" + parallelism,
              StreamRun.of(sides.copy(copied, parallelism), servers, List.of(copied), messages));
          servers.forget("validation");
          servers.topic(Topics.VALIDATED, PARTITIONS);
          servers.topic(Topics.INVALID, PARTITIONS);
          add(
              "validation_p" + parallelism,
              StreamRun.of(
                  sides.millrace("validation", parallelism, servers.freePort()),
                  servers,
                  List.of(Topics.VALIDATED, Topics.INVALID),
                  messages));
          if (python != null) {
            List<String> outputs =
                List.of(
                    servers.topic("valid-" + run + "-" + parallelism, PARTITIONS),
                    servers.topic("invalid-" + run + "-" + parallelism, PARTITIONS));
            add(
                "pyflink_p" + parallelism,
                StreamRun.of(
                    sides.pyflink(python, outputs.get(0), outputs.get(1), parallelism),
                    servers,
                    outputs,
                    fewer));
          }
        }
      }
    }
  }

  private void add(String name, StreamRun run) {
    System.err.printf(
        "%-14s %,9.0f events/s, %,9.0f in the later half, %.1f us of CPU each, load %.1f%n",
        name,
        run.written().perSecond(),
        run.written().laterPerSecond(),
        run.cpuMicros(),
        Figures.load());
    runs.computeIfAbsent(name, n -> new ArrayList<>()).add(run);
  }
}
