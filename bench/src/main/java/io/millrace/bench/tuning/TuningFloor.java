package io.millrace.bench.tuning;

import io.millrace.core.tuning.TrialParams;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import ml.dmlc.xgboost4j.java.Booster;
import ml.dmlc.xgboost4j.java.DMatrix;
import ml.dmlc.xgboost4j.java.XGBoost;
import ml.dmlc.xgboost4j.java.XGBoostError;

/**
 * What the work costs without any engine: a plain process that loads the data once and trains the
 * trials whose numbers come on its standard input, one thread, nothing kept. Nothing of ours is in
 * its training loop.
 */
final class TuningFloor {
  private TuningFloor() {}

  public static void main(String[] args) throws IOException, XGBoostError {
    Path csv = Path.of(args[0]);
    int rounds = Integer.parseInt(args[1]);
    List<TrialParams> configurations = TuneTable.configurations(TuneTable.TRIALS);
    DMatrix[] data = load(csv);
    try (BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
      System.out.println("ready");
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        int trial = Integer.parseInt(line);
        System.out.println(trial + " " + train(configurations.get(trial), rounds, data));
      }
    }
  }

  private static DMatrix[] load(Path csv) throws IOException, XGBoostError {
    List<String> lines = Files.readAllLines(csv);
    int tests = (lines.size() - 1) / 5;
    float[][] x = {new float[(lines.size() - 1 - tests) * 6], new float[tests * 6]};
    float[][] y = {new float[lines.size() - 1 - tests], new float[tests]};
    int[] next = new int[2];
    for (int i = 0; i < lines.size() - 1; i++) {
      int part = i % 5 == 4 ? 1 : 0;
      String[] fields = lines.get(i + 1).split(",");
      for (int j = 0; j < 6; j++) {
        x[part][next[part] * 6 + j] = Float.parseFloat(fields[j]);
      }
      y[part][next[part]++] = Float.parseFloat(fields[6]);
    }
    DMatrix[] data = new DMatrix[2];
    for (int part = 0; part < 2; part++) {
      data[part] = new DMatrix(x[part], y[part].length, 6, Float.NaN);
      data[part].setLabel(y[part]);
    }
    return data;
  }

  private static double train(TrialParams params, int rounds, DMatrix[] data) throws XGBoostError {
    Map<String, Object> settings = new HashMap<>(params.asMap());
    settings.putAll(
        Map.of(
            "objective",
            "binary:logistic",
            "tree_method",
            "hist",
            "nthread",
            1,
            "seed",
            0,
            "verbosity",
            0,
            "eval_metric",
            "logloss"));
    Booster booster = XGBoost.train(data[0], settings, 0, Map.of(), null, null);
    booster.setParam("eval_metric", "auc");
    String last = "";
    for (int round = 0; round < rounds; round++) {
      booster.update(data[0], round);
      last = booster.evalSet(new DMatrix[] {data[1]}, new String[] {"te"}, round);
    }
    booster.dispose();
    return Arrays.stream(last.split("\t"))
        .filter(part -> part.startsWith("te-logloss:"))
        .mapToDouble(part -> Double.parseDouble(part.substring(part.indexOf(':') + 1)))
        .findFirst()
        .orElseThrow();
  }
}
