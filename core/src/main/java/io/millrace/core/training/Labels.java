package io.millrace.core.training;

/** The two labels of a binary model. */
final class Labels {
  private Labels() {}

  /**
   * Whether a row is positive.
   *
   * @throws IllegalArgumentException if its label is neither 0 nor 1
   */
  static boolean isPositive(float[] labels, int row) {
    if (labels[row] != 0 && labels[row] != 1) {
      throw new IllegalArgumentException(
          "Label " + labels[row] + " in row " + row + " is neither 0 nor 1");
    }
    return labels[row] == 1;
  }
}
