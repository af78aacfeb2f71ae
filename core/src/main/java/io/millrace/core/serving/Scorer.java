package io.millrace.core.serving;

import java.util.stream.IntStream;

/**
 * A trained model that scores rows in pure Java.
 *
 * <p>{@link #read} takes every tree and weight of the file, as XGBoost's own {@code
 * Booster.predict} does. The scikit-learn wrapper of XGBoost scores with the best rounds only if
 * early stopping found some: {@link XgboostModel#scorerOfBestRounds} does the same.
 *
 * <p>{@code NaN} is a missing value. An infinite value is compared like any other number, as {@code
 * inplace_predict} does; XGBoost's {@code DMatrix} refuses it. Arithmetic is float32 in XGBoost's
 * order, so that results are those of {@code Booster} to 1e-6, relative for values over 1, and for
 * most models bit for bit.
 *
 * <p>Immutable, safe for use by many threads.
 */
public sealed interface Scorer permits ForestScorer, LinearScorer {
  /** The rows that {@link #scoreParallel} gives to a thread at once: about a millisecond's work. */
  int RANGE = 1_024;

  /**
   * Reads a model that XGBoost saved as JSON or UBJSON, whichever the bytes are.
   *
   * @param model the bytes of the model file; XGBoost 1.x to 3.x
   * @throws UnsupportedModelException if the bytes are no such model, are damaged, or the model
   *     uses what the Java scorers do not do: DART, categorical splits, trees with vector leaves,
   *     an objective whose transformation they do not know; or if it has no tree
   */
  static Scorer read(byte[] model) {
    return XgboostModel.read(model).scorer();
  }

  /** The length of the rows that the model scores; at least 1. */
  int features();

  /**
   * How many numbers the model gives for a row: the number of classes for {@code multi:softprob},
   * the number of targets for a regression of several, else 1.
   */
  int outputs();

  /** The name of XGBoost's objective, such as {@code binary:logistic}; says what outputs mean. */
  String objective();

  /** What the model file says about itself. */
  ModelDescription description();

  /** What the numbers of a row are. */
  default Output output() {
    return Output.of(description(), outputs());
  }

  /**
   * Scores rows, on the calling thread; several threads may score ranges of the same arrays.
   *
   * @param rows row-major, {@link #features()} values a row in the model's order
   * @param first the first row to score
   * @param count how many rows to score
   * @param out gets {@link #outputs()} values a row, row-major, row 0 at index 0
   * @throws IllegalArgumentException if an array is too short
   */
  void scoreInto(float[] rows, int first, int count, float[] out);

  /** Scores the first {@code count} rows; see {@link #scoreInto(float[], int, int, float[])}. */
  default void scoreInto(float[] rows, int count, float[] out) {
    scoreInto(rows, 0, count, out);
  }

  /**
   * Scores the first {@code count} rows on all cores, by the JVM's common pool; on one core it is
   * {@link #scoreInto}, to the same bits.
   */
  default void scoreParallel(float[] rows, int count, float[] out) {
    IntStream.range(0, (count + RANGE - 1) / RANGE)
        .parallel()
        .map(range -> range * RANGE)
        .forEach(first -> scoreInto(rows, first, Math.min(RANGE, count - first), out));
  }

  /**
   * Scores one row.
   *
   * @param row the features in the model's order
   * @param out gets {@link #outputs()} values
   * @throws IllegalArgumentException if an array has another length than the model's
   */
  default void score(float[] row, float[] out) {
    if (row.length != features()) {
      throw new IllegalArgumentException(
          "The row has %d features, the model expects %d".formatted(row.length, features()));
    }
    if (out.length != outputs()) {
      throw new IllegalArgumentException(
          "The output has room for %d values, the model gives %d".formatted(out.length, outputs()));
    }
    scoreInto(row, 0, 1, out);
  }

  /**
   * Scores one row with a model of one output; allocates nothing, but for {@code multi:softmax}.
   *
   * @param row the features in the model's order
   * @return the probability for a binary model, the predicted value for a regression, the class
   *     number for {@code multi:softmax}
   * @throws IllegalArgumentException if the row has another length than {@link #features()}
   * @throws IllegalStateException if the model has several outputs
   */
  float score(float[] row);
}
