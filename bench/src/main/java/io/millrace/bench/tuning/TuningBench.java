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
import io.millrace.stack.process.ClassArchive;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;

/**
 * Tuning beside Ray Tune and beside the floor: 16 configurations x 100 rounds on 160,000 rows, two
 * at a time, one thread each; the whole wall time of fresh processes on every side, ours and the
 * floor's with an archive of classes, as {@code millrace up} starts a worker; and the same trials
 * once more in these processes, as a study finds a worker that runs.
 *
 * <p>Usage: {@code TuningBench [--json FILE] [--runs 3] [--rounds 100] [--peers DIR] [--no-ray]}.
 * Top-level {@code floor_ratio}, {@code raytune_ratio} (fresh processes) and {@code
 * running_floor_ratio} (running ones) are our median wall time over theirs: below 1 we are faster.
 */
public final class TuningBench {
  private static final ClassArchive FLOOR_CLASSES = JavaProcess.archive(TuningFloor.class);
  private static final ClassArchive STUDY_CLASSES = JavaProcess.archive(TuningStudy.class);
  private static final Duration ARCHIVES = Duration.ofMinutes(2);
  private static final int FEW_ROUNDS = 5;

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
      keepClasses(stack.endpoints());
      for (int run = 0; run < options.runs(); run++) { // in turn, so that noise hits both sides
        floor.add(told("floor", floor(options.rounds())));
        ours.add(told("millrace", study(stack.endpoints(), "fifo", options.rounds())));
        asha.add(told("millrace asha", study(stack.endpoints(), "asha", options.rounds())));
      }
    }
    result.set("millrace", ours.json());
    result.set("millrace_asha", asha.json());
    result.set("floor", floor.json());
    result.put("floor_ratio", ours.median() / floor.median());
    result.put("running_floor_ratio", ours.running() / floor.running());
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

  /** Starts both sides once, so that the JVM finds their classes as it does those of a worker. */
  private void keepClasses(Endpoints at) throws IOException, InterruptedException {
    Run unused = floor(FEW_ROUNDS);
    Run unusedToo = study(at, "fifo", FEW_ROUNDS);
    long deadline = System.nanoTime() + ARCHIVES.toNanos();
    for (ClassArchive archive : List.of(FLOOR_CLASSES, STUDY_CLASSES)) {
      while (archive.mapped().isEmpty() && System.nanoTime() < deadline) {
        TimeUnit.MILLISECONDS.sleep(200);
      }
    }
  }

  /** A process with a worker: one study from the JVM's start, and another one after it. */
  private Run study(Endpoints at, String mode, int rounds)
      throws IOException, InterruptedException {
    ClassArchive.Start classes = STUDY_CLASSES.start();
    ProcessBuilder process =
        JavaProcess.of(
            classes,
            TuningStudy.class,
            at.temporal().target(),
            at.s3().endpoint(),
            at.s3().region(),
            csv.toString(),
            Integer.toString(rounds),
            mode);
    process
        .environment()
        .putAll(Map.of("S3_ACCESS_KEY", at.s3().accessKey(), "S3_SECRET_KEY", at.s3().secretKey()));
    long start = System.nanoTime();
    Process running = process.start();
    double fresh = 0;
    List<String[]> results = new ArrayList<>();
    try (var out = running.inputReader()) {
      for (String line = out.readLine(); line != null; line = out.readLine()) {
        if (line.startsWith("result ")) {
          fresh = results.isEmpty() ? Figures.secondsSince(start) : fresh;
          results.add(line.split(" "));
        }
      }
    }
    int exit = running.waitFor();
    if (exit != 0 || results.size() != 2) {
      throw new IllegalStateException("The study process ended with " + exit + "; see above");
    }
    STUDY_CLASSES.make(classes);
    String[] first = results.get(0);
    return new Run(
        fresh,
        Double.parseDouble(results.get(1)[3]),
        Double.parseDouble(first[1]),
        Long.parseLong(first[2]));
  }

  /** Two plain processes that take trials one by one, from their start, and all trials again. */
  private Run floor(int rounds) throws IOException {
    List<ClassArchive.Start> starts = List.of(FLOOR_CLASSES.start(), FLOOR_CLASSES.start());
    long start = System.nanoTime();
    List<Process> processes = new ArrayList<>();
    for (ClassArchive.Start classes : starts) {
      processes.add(
          JavaProcess.of(classes, TuningFloor.class, csv.toString(), Integer.toString(rounds))
              .start());
    }
    try (FloorPool pool = new FloorPool(processes)) {
      double best = pool.run(TuneTable.TRIALS);
      double fresh = Figures.secondsSince(start);
      long again = System.nanoTime();
      double unused = pool.run(TuneTable.TRIALS);
      double running = Figures.secondsSince(again);
      starts.forEach(FLOOR_CLASSES::make);
      return new Run(fresh, running, best, (long) TuneTable.TRIALS * rounds);
    }
  }

  private static Run told(String side, Run run) {
    System.err.printf(
        "%-14s %.2f s, running %.2f s, load %.1f%n",
        side, run.seconds(), run.running(), Figures.load());
    return run;
  }

  /**
   * One measured run.
   *
   * @param seconds from the start of the processes to the last trial's end
   * @param running the same trials again, in processes that run and have their data
   */
  record Run(double seconds, double running, double bestLoss, long rounds) {}

  /** All runs of one side. */
  private static final class Side {
    private final List<Run> runs = new ArrayList<>();

    void add(Run run) {
      runs.add(run);
    }

    double median() {
      return median(Run::seconds);
    }

    double running() {
      return median(Run::running);
    }

    private double median(ToDoubleFunction<Run> figure) {
      return Figures.median(runs.stream().mapToDouble(figure).toArray());
    }

    ObjectNode json() {
      ObjectNode node = Figures.JSON.createObjectNode();
      node.put("total_s", median());
      ArrayNode all = node.putArray("total_all_s");
      runs.forEach(run -> all.add(run.seconds()));
      node.put("running_s", running());
      ArrayNode again = node.putArray("running_all_s");
      runs.forEach(run -> again.add(run.running()));
      node.put("best_logloss", runs.get(0).bestLoss());
      node.put("rounds_run", runs.get(0).rounds());
      return node;
    }
  }
}
