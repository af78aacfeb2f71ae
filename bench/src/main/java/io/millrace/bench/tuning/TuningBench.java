package io.millrace.bench.tuning;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.bench.Figures;
import io.millrace.bench.Given;
import io.millrace.bench.JavaProcess;
import io.millrace.bench.PeerPython;
import io.millrace.stack.Component;
import io.millrace.stack.Endpoints;
import io.millrace.stack.LocalStack;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Tuning beside Ray Tune and beside the floor: 16 configurations x 100 rounds on 160,000 rows, two
 * at a time, one thread each; the whole wall time of fresh processes on every side.
 *
 * <p>Usage: {@code TuningBench [--json FILE] [--runs 3] [--rounds 100] [--peers DIR] [--no-ray]}.
 * Top-level {@code floor_ratio} and {@code raytune_ratio} are our median wall time over theirs:
 * below 1 we are faster.
 */
public final class TuningBench {
  private final Options options;
  private final Path csv;
  private final PeerPython python;

  private TuningBench(Options options) throws IOException, InterruptedException {
    this.options = options;
    this.python = PeerPython.ready(options.peers(), options.work());
    this.csv = python.tuneCsv();
  }

  record Options(Path json, int runs, int rounds, Path peers, Path work, boolean ray) {
    static Options parse(String[] args) {
      Given given = Given.of(args);
      return new Options(
          Path.of(given.value("--json", "target/bench-tuning.json")),
          given.number("--runs", 3),
          given.number("--rounds", TuneTable.ROUNDS),
          Path.of(given.value("--peers", "bench/peers")).toAbsolutePath(),
          Path.of(given.value("--work", "target/bench")).toAbsolutePath(),
          !given.has("--no-ray"));
    }
  }

  public static void main(String[] args) throws IOException, InterruptedException {
    Options options = Options.parse(args);
    ObjectNode result = new TuningBench(options).run();
    Figures.write(result, options.json());
  }

  private ObjectNode run() throws IOException, InterruptedException {
    ObjectNode result = Figures.JSON.createObjectNode();
    result.put("bench", "tuning").put("trials", TuneTable.TRIALS).put("rounds", options.rounds());
    result.put("runs", options.runs());
    result.put("cores", Runtime.getRuntime().availableProcessors());
    result.put("load_before", Figures.load());
    result.put("ratios", "our median wall seconds over theirs; below 1 we are faster");
    Side ours = new Side();
    Side asha = new Side();
    Side floor = new Side();
    try (LocalStack stack = LocalStack.forTests(Component.TEMPORAL, Component.S3)) {
      for (int run = 0; run < options.runs(); run++) { // in turn, so that noise hits both sides
        floor.add(told("floor", floor()));
        ours.add(told("millrace", study(stack.endpoints(), "fifo")));
        asha.add(told("millrace asha", study(stack.endpoints(), "asha")));
      }
    }
    result.set("millrace", ours.json());
    result.set("millrace_asha", asha.json());
    result.set("floor", floor.json());
    result.put("floor_ratio", ours.median() / floor.median());
    if (options.ray()) {
      addRay(result, ours, asha);
    }
    result.put("load_after", Figures.load());
    return result;
  }

  private void addRay(ObjectNode result, Side ours, Side asha)
      throws IOException, InterruptedException {
    JsonNode ray = python.rayTune(options.work().resolve("data"), options.runs(), options.rounds());
    result.set("raytune", ray);
    result.put("raytune_ratio", ours.median() / ray.path("ray-fifo").path("total_s").asDouble());
    result.put(
        "raytune_asha_ratio", asha.median() / ray.path("ray-asha").path("total_s").asDouble());
    result.put("python_floor_ratio", ours.median() / ray.path("pool2").path("total_s").asDouble());
  }

  /** One whole process: JVM start, worker, data, 16 trials. */
  private Run study(Endpoints at, String mode) throws IOException, InterruptedException {
    ProcessBuilder process =
        JavaProcess.of(
            TuningStudy.class,
            at.temporal().target(),
            at.s3().endpoint(),
            at.s3().region(),
            csv.toString(),
            Integer.toString(options.rounds()),
            mode);
    process
        .environment()
        .putAll(Map.of("S3_ACCESS_KEY", at.s3().accessKey(), "S3_SECRET_KEY", at.s3().secretKey()));
    long start = System.nanoTime();
    Process running = process.start();
    String last = "";
    try (var out = running.inputReader()) {
      for (String line = out.readLine(); line != null; line = out.readLine()) {
        last = line.startsWith("result ") ? line : last;
      }
    }
    int exit = running.waitFor();
    double seconds = (System.nanoTime() - start) / 1e9;
    if (exit != 0 || last.isEmpty()) {
      throw new IllegalStateException("The study process ended with " + exit + "; see above");
    }
    String[] fields = last.split(" ");
    return new Run(seconds, Double.parseDouble(fields[1]), Long.parseLong(fields[2]));
  }

  /** Two plain processes that take trials one by one. */
  private Run floor() throws IOException, InterruptedException {
    long start = System.nanoTime();
    FloorPool pool = new FloorPool(TuneTable.TRIALS);
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      Process process =
          JavaProcess.of(TuningFloor.class, csv.toString(), Integer.toString(options.rounds()))
              .start();
      Thread thread = new Thread(() -> pool.drive(process), "floor-" + i);
      thread.start();
      threads.add(thread);
    }
    for (Thread thread : threads) {
      thread.join();
    }
    double seconds = (System.nanoTime() - start) / 1e9;
    return new Run(seconds, pool.best(), (long) TuneTable.TRIALS * options.rounds());
  }

  private static Run told(String side, Run run) {
    System.err.printf("%-14s %.2f s, load %.1f%n", side, run.seconds(), Figures.load());
    return run;
  }

  /** One measured run. */
  record Run(double seconds, double bestLoss, long rounds) {}

  /** All runs of one side. */
  private static final class Side {
    private final List<Run> runs = new ArrayList<>();

    void add(Run run) {
      runs.add(run);
    }

    double median() {
      return Figures.median(runs.stream().mapToDouble(Run::seconds).toArray());
    }

    ObjectNode json() {
      ObjectNode node = Figures.JSON.createObjectNode();
      node.put("total_s", median());
      ArrayNode all = node.putArray("total_all_s");
      runs.forEach(run -> all.add(run.seconds()));
      node.put("best_logloss", runs.get(0).bestLoss());
      node.put("rounds_run", runs.get(0).rounds());
      return node;
    }
  }
}
