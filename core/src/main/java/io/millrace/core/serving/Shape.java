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

  void checkRows(float[] rows, int first, int count, float[] out) {
    long end = (long) first + count;
    if (first < 0 || count < 0 || rows.length < end * features) {
      throw new IllegalArgumentException(
          "Rows %d to %d of %d features each do not fit into %d values"
              .formatted(first, end, features, rows.length));
    }
    if (out.length < end * outputs()) {
      throw new IllegalArgumentException(
          "Rows up to %d give %d values, but the output has room for %d"
              .formatted(end, end * outputs(), out.length));
    }
  }

  /** Fills the margins of some rows into an array, from a place on. */
  @FunctionalInterface
  interface Margins {
    void fill(float[] sums, int to);
  }

  /** Predictions of rows, made of margins in place where there is room for them. */
  void predict(int first, int count, float[] out, Margins source) {
    boolean inPlace = outputs() == groups();
    float[] sums = inPlace ? out : new float[count * groups()];
    int from = inPlace ? first * groups() : 0;
    source.fill(sums, from);
    objective.predict(sums, from, count, groups(), out, first * outputs());
  }

  /** Starts the sums of so many rows. */
  void start(float[] sums, int to, int count) {
    for (int row = 0; row < count; row++) {
      System.arraycopy(margins, 0, sums, to + row * margins.length, margins.length);
    }
  }
}
