package io.millrace.core.serving;

/**
 * What a model takes and gives.
 *
 * @param features the length of a row
 * @param objective XGBoost's name, and what makes predictions of margins
 * @param margins where the sums start, one a group: the base scores, transformed back
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record Shape(int features, Objective objective, float[] margins) {

  /** How many sums a row has: one a class or target. */
  int groups() {
    return margins.length;
  }

  int outputs() {
    return objective.link() == Objective.Link.ARG_MAX ? 1 : groups();
  }

  void checkRow(float[] row) {
    if (outputs() != 1) {
      throw new IllegalStateException(
          "The model (%s) gives %d values a row; use score(row, out)"
              .formatted(objective.name(), outputs()));
    }
    if (row.length != features) {
      throw new IllegalArgumentException(
          "The row has %d features, the model expects %d".formatted(row.length, features));
    }
  }

  void checkRows(float[] rows, int count, float[] out) {
    if (count < 0 || rows.length != (long) count * features) {
      throw new IllegalArgumentException(
          "%d rows of %d features are %d values, not %d"
              .formatted(count, features, (long) count * features, rows.length));
    }
    if (out.length < (long) count * outputs()) {
      throw new IllegalArgumentException(
          "%d rows give %d values, but the output has room for %d"
              .formatted(count, (long) count * outputs(), out.length));
    }
  }

  /** Starts the sums of so many rows. */
  void start(float[] sums, int count) {
    for (int row = 0; row < count; row++) {
      System.arraycopy(margins, 0, sums, row * margins.length, margins.length);
    }
  }
}
