package io.millrace.activities.training;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.core.serving.Scorer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import ml.dmlc.xgboost4j.java.Booster;
import ml.dmlc.xgboost4j.java.DMatrix;
import ml.dmlc.xgboost4j.java.XGBoost;
import ml.dmlc.xgboost4j.java.XGBoostError;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.Tuple;

/** Serving's scorer gives what XGBoost gives, for random models and random rows. */
class ScorerPropertyTest {
  private static final int ROWS = 300;
  private static final List<String> OBJECTIVES =
      List.of(
          "binary:logistic",
          "binary:logitraw",
          "binary:hinge",
          "reg:squarederror",
          "reg:squaredlogerror",
          "reg:pseudohubererror",
          "reg:absoluteerror",
          "reg:quantileerror",
          "reg:logistic",
          "reg:gamma",
          "reg:tweedie",
          "count:poisson",
          "survival:cox",
          "rank:pairwise",
          "multi:softprob",
          "multi:softmax");

  record Plan(
      long seed,
      String objective,
      String booster,
      int features,
      int depth,
      int rounds,
      int parallelTrees,
      float missing,
      boolean givenBaseScore,
      String format) {

    /** A model of no rounds is refused, trees or linear. */
    private int atLeastRounds() {
      return Math.max(1, rounds);
    }

    private Map<String, Object> params() {
      Map<String, Object> params = new HashMap<>();
      params.put("booster", booster);
      params.put("objective", objective);
      params.put("nthread", 1);
      params.put("seed", seed);
      params.put("verbosity", 0);
      if (booster.equals("gbtree")) {
        params.put("max_depth", depth);
        params.put("eta", 0.4);
        // XGBoost grows no forests for an objective that sets leaves afterwards.
        boolean adaptive = objective.matches("reg:(absolute|quantile)error");
        params.put("num_parallel_tree", adaptive ? 1 : parallelTrees);
        params.put("subsample", 0.8);
        params.put("grow_policy", seed % 2 == 0 ? "lossguide" : "depthwise");
      }
      if (objective.startsWith("multi:")) {
        params.put("num_class", 4);
      }
      if (objective.equals("reg:quantileerror")) {
        params.put("quantile_alpha", 0.4);
      }
      if (givenBaseScore) {
        params.put("base_score", 0.3);
      }
      return params;
    }
  }

  @Provide
  Arbitrary<Plan> plans() {
    Arbitrary<String> boosters =
        Arbitraries.frequencyOf(
            Tuple.of(5, Arbitraries.just("gbtree")), Tuple.of(1, Arbitraries.just("gblinear")));
    return Combinators.combine(
            Arbitraries.longs().between(0, 1_000_000),
            Arbitraries.of(OBJECTIVES),
            boosters,
            Arbitraries.integers().between(1, 30),
            Arbitraries.integers().between(1, 9),
            Arbitraries.integers().between(0, 20),
            Arbitraries.of(1, 1, 3),
            Arbitraries.of(0f, 0.1f, 0.6f))
        .flatAs(
            (seed, objective, booster, features, depth, rounds, parallel, missing) ->
                Combinators.combine(Arbitraries.of(true, false), Arbitraries.of("json", "ubj"))
                    .as(
                        (given, format) ->
                            new Plan(
                                seed, objective, booster, features, depth, rounds, parallel,
                                missing, given, format)));
  }

  @Property(tries = 150, edgeCases = EdgeCasesMode.NONE, shrinking = ShrinkingMode.OFF)
  void scoresAsXgboostDoes(@ForAll("plans") Plan plan) throws XGBoostError {
    Random random = new Random(plan.seed());
    float[] train = rows(random, plan, 1);
    DMatrix matrix = new DMatrix(train, ROWS, plan.features(), Float.NaN);
    matrix.setLabel(labels(random, train, plan));
    Booster booster =
        XGBoost.train(matrix, plan.params(), plan.atLeastRounds(), Map.of(), null, null);
    try {
      Scorer scorer = Scorer.read(booster.toByteArray(plan.format()));
      float[] rows = rows(random, plan, 3);
      DMatrix scored = new DMatrix(rows, ROWS, plan.features(), Float.NaN);
      assertSame(scorer, rows, booster.predict(scored), plan);
      scored.dispose();
      if (plan.booster().equals("gbtree")) {
        sprinkleInfinities(random, rows);
        float[][] inPlace = booster.inplace_predict(rows, ROWS, plan.features(), Float.NaN);
        assertSame(scorer, rows, inPlace, plan);
      }
    } finally {
      booster.dispose();
      matrix.dispose();
    }
  }

  private static float[] rows(Random random, Plan plan, float scale) {
    float[] rows = new float[ROWS * plan.features()];
    for (int i = 0; i < rows.length; i++) {
      // Few distinct values, so that many equal a threshold.
      float value = i % 2 == 0 ? Math.round(random.nextGaussian() * 4) / 4f : random.nextFloat();
      rows[i] = random.nextFloat() < plan.missing() ? Float.NaN : value * scale;
    }
    return rows;
  }

  private static void sprinkleInfinities(Random random, float[] rows) {
    for (int i = 0; i < rows.length / 10; i++) {
      rows[random.nextInt(rows.length)] =
          random.nextBoolean() ? Float.POSITIVE_INFINITY : Float.NEGATIVE_INFINITY;
    }
  }

  private static float[] labels(Random random, float[] rows, Plan plan) {
    float[] labels = new float[ROWS];
    for (int i = 0; i < ROWS; i++) {
      float first = rows[i * plan.features()];
      double signal = (Float.isNaN(first) ? 0.5 : first) + random.nextGaussian() / 3;
      labels[i] =
          switch (plan.objective().substring(0, plan.objective().indexOf(':'))) {
            case "binary" -> signal > 0.3 ? 1 : 0;
            case "multi" -> Math.max(0, Math.min(3, Math.round(signal * 2)));
            case "reg" ->
                plan.objective().equals("reg:logistic")
                    ? (float) (1 / (1 + Math.exp(-signal)))
                    : (float) Math.abs(signal) + 0.1f;
            default -> Math.round(Math.abs(signal) * 2);
          };
    }
    return labels;
  }

  private static void assertSame(Scorer scorer, float[] rows, float[][] expected, Plan plan) {
    int outputs = scorer.outputs();
    float[] actual = new float[ROWS * outputs];
    scorer.scoreInto(rows, ROWS, actual);
    boolean margins = plan.booster().equals("gbtree") && isIdentity(plan.objective());
    for (int row = 0; row < ROWS; row++) {
      assertThat(expected[row]).hasSize(outputs);
      for (int i = 0; i < outputs; i++) {
        float theirs = expected[row][i];
        float ours = actual[row * outputs + i];
        // Where nothing is transformed the sums must have the same bits.
        double allowed = margins ? 0 : 1e-6 * Math.max(1, Math.abs(theirs));
        assertThat((double) Math.abs(ours - theirs))
            .as("row %d, output %d: %s, expected %s", row, i, ours, theirs)
            .isLessThanOrEqualTo(allowed);
      }
    }
  }

  private static boolean isIdentity(String objective) {
    return objective.startsWith("rank:")
        || objective.equals("binary:logitraw")
        || objective.matches("reg:(squared|absolute|pseudohuber|squaredlog|quantile)error");
  }
}
