package io.millrace.core.serving;

import java.util.Arrays;

/** A growing list of numbers without a box around each. */
final class Numbers {
  private double[] values = new double[16];
  private int size;

  void add(double value) {
    if (size == values.length) {
      values = Arrays.copyOf(values, size * 2);
    }
    values[size++] = value;
  }

  double[] toArray() {
    return Arrays.copyOf(values, size);
  }
}
