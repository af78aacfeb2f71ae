package io.millrace.activities.training;

import io.millrace.activities.PipelineException;
import io.millrace.core.serving.Scorer;
import io.millrace.core.serving.UnsupportedModelException;
import io.millrace.workflows.PipelineFailure;
import java.util.stream.IntStream;
import ml.dmlc.xgboost4j.java.Booster;
import ml.dmlc.xgboost4j.java.DMatrix;
import org.jspecify.annotations.Nullable;

/**
 * Holds serving's scorer to XGBoost's own predictions, on every model before it is registered.
 *
 * <p>Rows are looked at twice: as they are, and with every seventh value missing, since test rows
 * may lack none, and serving's do not.
 */
public final class ScorerGate {
  /** The largest difference that passes; relative for predictions over 1. */
  public static final double LIMIT = 1e-6;

  static final int MAX_ROWS = 10_000;
  private static final int MISSING = 7;

  private ScorerGate() {}

  /** At most {@link #MAX_ROWS} of some rows, evenly spread over all. */
  static int[] sample(int[] rows) {
    return sample(rows, MAX_ROWS);
  }

  /** At most so many of some rows, evenly spread over all. */
  static int[] sample(int[] rows, int most) {
    int count = Math.min(rows.length, most);
    return IntStream.range(0, count)
        .map(i -> rows[(int) ((long) i * rows.length / count)])
        .toArray();
  }

  /**
   * Compares the two on coded rows.
   *
   * @param trained the model that XGBoost scores with
   * @param served the bytes that serving would load; JSON or UBJSON
   * @param rows row-major; NaN is missing
   * @return the largest difference, at most {@link #LIMIT}
   * @throws PipelineException not retryable, if they differ by more or the model is not supported
   */
  public static double check(byte[] trained, byte[] served, float[] rows, int count) {
    Scorer scorer = scorer(served, rows, count);
    return Math.max(
        compare(trained, scorer, rows, count, ""),
        compare(trained, scorer, punched(rows), count, ", some of its values missing"));
  }

  private static Scorer scorer(byte[] served, float[] rows, int count) {
    try {
      Scorer scorer = Scorer.read(served);
      if (rows.length == (long) count * scorer.features()) {
        return scorer;
      }
      throw failure(
          "The model to be served takes %d features, but %d rows are %d values. Nothing is registered."
              .formatted(scorer.features(), count, rows.length),
          null);
    } catch (UnsupportedModelException e) {
      throw failure(
          "Serving cannot score this model, so it is not registered: " + e.getMessage(), e);
    }
  }

  private static float[] punched(float[] rows) {
    float[] punched = rows.clone();
    for (int i = 0; i < punched.length; i += MISSING) {
      punched[i] = Float.NaN;
    }
    return punched;
  }

  private static double compare(
      byte[] trained, Scorer scorer, float[] rows, int count, String which) {
    float[] ours = new float[count * scorer.outputs()];
    scorer.scoreInto(rows, count, ours);
    float[][] theirs = predict(trained, rows, count, scorer.features());
    double largest = 0;
    for (int i = 0; i < ours.length; i++) {
      int row = i / scorer.outputs();
      float expected = theirs[row][i % scorer.outputs()];
      double difference = difference(ours[i], expected);
      if (!(difference <= LIMIT)) {
        throw failure(
            "Serving's scorer gives %s where XGBoost gives %s (row %d of the sample%s): a difference of %.1e, the limit is %.0e. Nothing is registered. Compare model.json with model.ubj, and report the model if they agree."
                .formatted(ours[i], expected, row, which, difference, LIMIT),
            null);
      }
      largest = Math.max(largest, difference);
    }
    return largest;
  }

  private static double difference(float ours, float expected) {
    return Float.compare(ours, expected) == 0
        ? 0
        : Math.abs((double) ours - expected) / Math.max(1, Math.abs(expected));
  }

  private static float[][] predict(byte[] model, float[] rows, int count, int features) {
    return XgboostError.translate(
        "score " + count + " rows",
        () -> {
          Booster booster = ResumableBooster.load(model);
          DMatrix matrix = new DMatrix(rows, count, features, Float.NaN);
          try {
            booster.setParam("nthread", 1);
            return booster.predict(matrix);
          } finally {
            matrix.dispose();
            booster.dispose();
          }
        });
  }

  private static PipelineException failure(String message, @Nullable Throwable cause) {
    return new PipelineException(PipelineFailure.SCORER_DISAGREES, message, cause);
  }
}
