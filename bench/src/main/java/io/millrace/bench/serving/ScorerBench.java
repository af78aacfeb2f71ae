package io.millrace.bench.serving;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.bench.Figures;
import io.millrace.bench.Given;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import ml.dmlc.xgboost4j.java.Booster;
import ml.dmlc.xgboost4j.java.DMatrix;
import ml.dmlc.xgboost4j.java.XGBoost;
import ml.dmlc.xgboost4j.java.XGBoostError;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/**
 * Nanoseconds a row of serving's scorer beside XGBoost's native library, by JMH.
 *
 * <p>Usage: {@code ScorerBench [--json FILE] [--models 100x6,100x20,500x6,500x20] [--batches
 * 1,10,100,1000,10000,100000] [--millis 100] [--work DIR]}: trees × features, depth 6; five
 * iterations of so many milliseconds to warm up, ten to measure. The best of the ten counts, since
 * others on the machine only ever add. {@code parallel} is on all cores, a number at a library's
 * name is its threads.
 */
public final class ScorerBench {
  private static final int TRAINING_ROWS = 20_000;
  private static final List<String> SIDES =
      List.of("java", "javaParallel", "inPlace1", "inPlace2", "matrix1", "matrix2");

  private ScorerBench() {}

  public static void main(String[] args) throws Exception {
    Given given = Given.of(args);
    String[] models = given.value("--models", "100x6,100x20,500x6,500x20").split(",");
    String[] batches = given.value("--batches", "1,10,100,1000,10000,100000").split(",");
    Path work = Path.of(given.value("--work", "target/bench-scorer")).toAbsolutePath();
    Files.createDirectories(work);
    for (String model : models) {
      train(model, work.resolve(model + ".ubj"));
    }
    ObjectNode result = Figures.JSON.createObjectNode();
    result.put("bench", "scorer").put("cores", Runtime.getRuntime().availableProcessors());
    result.put("load_before", Figures.load());
    Map<String, Map<String, Double>> table =
        table(run(models, batches, work, given.number("--millis", 100)));
    result.put("load_after", Figures.load());
    print(table);
    ArrayNode lines = result.putArray("ns_per_row");
    table.forEach(
        (key, sides) -> {
          ObjectNode line = lines.addObject();
          line.put("model", key.split(" ")[0]);
          line.put("batch", Integer.parseInt(key.split(" ")[1]));
          sides.forEach((side, nanos) -> line.put(side, Figures.round(nanos)));
        });
    Figures.write(result, Path.of(given.value("--json", "target/bench-scorer.json")));
  }

  /** Random rows, row-major. */
  static float[] rows(Random random, int count, int features) {
    float[] rows = new float[count * features];
    for (int i = 0; i < rows.length; i++) {
      rows[i] = (float) random.nextGaussian();
    }
    return rows;
  }

  private static void train(String model, Path file) throws XGBoostError, IOException {
    int trees = Integer.parseInt(model.split("x")[0]);
    int features = Integer.parseInt(model.split("x")[1]);
    Random random = new Random(7);
    float[] rows = rows(random, TRAINING_ROWS, features);
    float[] labels = new float[TRAINING_ROWS];
    for (int i = 0; i < labels.length; i++) {
      int at = i * features;
      double signal = rows[at] * rows[at + 1] + rows[at + 2] + random.nextGaussian();
      labels[i] = signal > 0 ? 1 : 0;
    }
    DMatrix matrix = new DMatrix(rows, TRAINING_ROWS, features, Float.NaN);
    matrix.setLabel(labels);
    Map<String, Object> params =
        Map.of("objective", "binary:logistic", "max_depth", 6, "eta", 0.1, "nthread", 1);
    Booster booster = XGBoost.train(matrix, params, trees, Map.of(), null, null);
    Files.write(file, booster.toByteArray("ubj"));
    booster.dispose();
    matrix.dispose();
  }

  private static Collection<RunResult> run(String[] models, String[] batches, Path work, int millis)
      throws RunnerException {
    return new Runner(
            new OptionsBuilder()
                .include(ScorerBenchmark.class.getName())
                .param("model", models)
                .param("batch", batches)
                .forks(1)
                .warmupIterations(5)
                .warmupTime(TimeValue.milliseconds(millis))
                .measurementIterations(10)
                .measurementTime(TimeValue.milliseconds(millis))
                .jvmArgsAppend("-D" + ScorerBenchmark.MODELS + "=" + work, "-Xmx1g")
                .build())
        .run();
  }

  /** Nanoseconds a row by side, by model and batch. */
  private static Map<String, Map<String, Double>> table(Collection<RunResult> results) {
    Map<String, Map<String, Double>> table = new LinkedHashMap<>();
    for (RunResult result : results) {
      int batch = Integer.parseInt(result.getParams().getParam("batch"));
      String key = result.getParams().getParam("model") + " " + batch;
      String side = result.getPrimaryResult().getLabel();
      table
          .computeIfAbsent(key, k -> new TreeMap<>())
          .put(side, result.getPrimaryResult().getStatistics().getMin() / batch);
    }
    return table;
  }

  private static void print(Map<String, Map<String, Double>> table) {
    List<String> lines = new ArrayList<>();
    lines.add("| model, batch | " + String.join(" | ", SIDES) + " |");
    table.forEach(
        (key, sides) -> {
          StringBuilder line = new StringBuilder("| " + key + " |");
          for (String side : SIDES) {
            line.append(String.format(Locale.ROOT, " %,.0f |", sides.get(side)));
          }
          lines.add(line.toString());
        });
    System.out.println(String.join("\n", lines));
  }
}
