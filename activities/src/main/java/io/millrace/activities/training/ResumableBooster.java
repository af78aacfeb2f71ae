package io.millrace.activities.training;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.Map;
import ml.dmlc.xgboost4j.java.Booster;
import ml.dmlc.xgboost4j.java.DMatrix;
import ml.dmlc.xgboost4j.java.XGBoost;
import ml.dmlc.xgboost4j.java.XGBoostError;

/**
 * A binary classifier that is trained round by round, and that can be saved after any round and
 * continued elsewhere to bit for bit the same model as if it had never been interrupted.
 *
 * <p>XGBoost alone does not promise that. Rows are sampled from a generator that {@code
 * seed_per_iteration} reseeds in every round, but the column sampler is made once and carries its
 * own generator from round to round inside the tree updater, which no model file contains. So the
 * updater is made anew in every round, from a generator that the round's number has just seeded:
 * switching the tree method away and back does that, and takes no measurable time. Found and
 * checked with XGBoost 3.0.4; a test holds it.
 *
 * <p>Not thread-safe. Several boosters may train on one {@link Matrix} at once, if it has been
 * trained on once before (see {@link TrialData}).
 */
final class ResumableBooster implements AutoCloseable {
  private static final String EVAL_NAME = "validation";

  private final Booster booster;
  private int rounds;

  private ResumableBooster(Booster booster, int rounds) {
    this.booster = booster;
    this.rounds = rounds;
  }

  /** A booster without a tree. */
  static ResumableBooster start(Matrix train, Map<String, Object> params, long seed) {
    return XgboostError.translate(
        "start a booster with " + params,
        () -> {
          Booster booster =
              XGBoost.train(train.data(), settings(params, seed), 0, Map.of(), null, null);
          booster.setParam("eval_metric", "auc");
          return new ResumableBooster(booster, 0);
        });
  }

  /** The booster that {@link #toBytes} saved, with the parameters it had. */
  static ResumableBooster resume(byte[] model, Map<String, Object> params, long seed) {
    return XgboostError.translate(
        "load a checkpoint of " + model.length + " bytes",
        () -> {
          Booster booster = load(model);
          booster.setParams(settings(params, seed));
          booster.setParam("eval_metric", "auc");
          return new ResumableBooster(booster, booster.getNumBoostedRound());
        });
  }

  private static Map<String, Object> settings(Map<String, Object> params, long seed) {
    Map<String, Object> all = new LinkedHashMap<>(params);
    all.put("objective", "binary:logistic");
    all.put("tree_method", "hist");
    all.put("nthread", 1); // one slot, one core; sums do not depend on a thread count either
    all.put("seed", seed);
    all.put("seed_per_iteration", "true");
    all.put("eval_metric", "logloss");
    all.put("verbosity", 0);
    return all;
  }

  static Booster load(byte[] model) throws XGBoostError {
    try {
      return XGBoost.loadModel(model);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Adds one tree. */
  void update(Matrix train) {
    XgboostError.translate(
        "train round " + rounds,
        () -> {
          booster.setParam("tree_method", "exact");
          rounds = booster.getNumBoostedRound(); // applies the parameter: drops the updater
          booster.setParam("tree_method", "hist");
          booster.update(train.data(), rounds);
          return rounds++;
        });
  }

  /** Log loss and AUC on other rows, at the round just trained. */
  double[] evaluate(Matrix validation) {
    String line =
        XgboostError.translate(
            "evaluate round " + rounds,
            () ->
                booster.evalSet(
                    new DMatrix[] {validation.data()}, new String[] {EVAL_NAME}, rounds - 1));
    return new double[] {metric(line, "logloss"), metric(line, "auc")};
  }

  private static double metric(String line, String name) {
    String key = "\t" + EVAL_NAME + "-" + name + ":";
    int start = line.indexOf(key);
    if (start < 0) {
      throw new IllegalStateException("No " + name + " in XGBoost's evaluation: " + line);
    }
    int end = line.indexOf('\t', start + 1);
    return Double.parseDouble(line.substring(start + key.length(), end < 0 ? line.length() : end));
  }

  int rounds() {
    return rounds;
  }

  /** The model in XGBoost's binary format. */
  byte[] toBytes() {
    return XgboostError.translate("save", () -> booster.toByteArray("ubj"));
  }

  /** The model in XGBoost's JSON format. */
  byte[] toJson() {
    return XgboostError.translate("save", () -> booster.toByteArray("json"));
  }

  @Override
  public void close() {
    booster.dispose();
  }
}
