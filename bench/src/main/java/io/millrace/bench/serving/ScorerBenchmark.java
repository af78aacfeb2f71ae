package io.millrace.bench.serving;

import io.millrace.core.serving.Scorer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import ml.dmlc.xgboost4j.java.Booster;
import ml.dmlc.xgboost4j.java.DMatrix;
import ml.dmlc.xgboost4j.java.XGBoost;
import ml.dmlc.xgboost4j.java.XGBoostError;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * One call that scores a batch, by serving's scorer and by XGBoost's native library.
 *
 * <p>A call gets other rows than the call before, so that no predictor knows the way.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@SuppressWarnings("NullAway.Init") // JMH sets the fields
public class ScorerBenchmark {
  /** The system property with the folder of the models. */
  static final String MODELS = "millrace.bench.models";

  private static final int DISTINCT_ROWS = 4_096;

  /** Trees and features, as {@link ScorerBench} names the files. */
  @Param({"100x6"})
  public String model;

  @Param({"1"})
  public int batch;

  private Scorer scorer;
  private Booster one;
  private Booster two;
  private int features;
  private float[][] rows;
  private float[] out;
  private int next;

  /** Loads the model and makes the rows. */
  @Setup
  public void load() throws IOException, XGBoostError {
    byte[] bytes = Files.readAllBytes(Path.of(System.getProperty(MODELS), model + ".ubj"));
    scorer = Scorer.read(bytes);
    one = XGBoost.loadModel(bytes);
    one.setParam("nthread", 1);
    two = XGBoost.loadModel(bytes);
    two.setParam("nthread", 2);
    features = scorer.features();
    rows = new float[Math.max(1, DISTINCT_ROWS / batch)][];
    Random random = new Random(1);
    for (int i = 0; i < rows.length; i++) {
      rows[i] = ScorerBench.rows(random, batch, features);
    }
    out = new float[batch];
  }

  /** Frees native memory. */
  @TearDown
  public void free() {
    one.dispose();
    two.dispose();
  }

  private float[] next() {
    next = next + 1 < rows.length ? next + 1 : 0;
    return rows[next];
  }

  /** Serving's scorer on one thread. */
  @Benchmark
  public float java() {
    float[] row = next();
    if (batch == 1) {
      return scorer.score(row);
    }
    scorer.scoreInto(row, batch, out);
    return out[0];
  }

  /** Serving's scorer on all cores. */
  @Benchmark
  public float javaParallel() {
    scorer.scoreParallel(next(), batch, out);
    return out[0];
  }

  /** The library without a matrix, on one thread. */
  @Benchmark
  public float[][] inPlace1() throws XGBoostError {
    return one.inplace_predict(next(), batch, features, Float.NaN);
  }

  /** The library without a matrix, on two threads. */
  @Benchmark
  public float[][] inPlace2() throws XGBoostError {
    return two.inplace_predict(next(), batch, features, Float.NaN);
  }

  /** The library with a matrix, on one thread. */
  @Benchmark
  public float[][] matrix1() throws XGBoostError {
    return predict(one);
  }

  /** The library with a matrix, on two threads. */
  @Benchmark
  public float[][] matrix2() throws XGBoostError {
    return predict(two);
  }

  private float[][] predict(Booster booster) throws XGBoostError {
    DMatrix matrix = new DMatrix(next(), batch, features, Float.NaN);
    try {
      return booster.predict(matrix);
    } finally {
      matrix.dispose();
    }
  }
}
