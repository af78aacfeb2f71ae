package io.millrace.serving.models;

import java.util.Arrays;

/** What a version gives for some rows: one number a row, or one for each class. */
public final class Scores {
  private final float[] values;
  private final int outputs;

  /** Takes the numbers of the rows, one row behind the other. */
  Scores(float[] values, int outputs) {
    this.values = values;
    this.outputs = outputs;
  }

  /** Numbers a row. */
  public int outputs() {
    return outputs;
  }

  /** One number of a row. */
  public float at(int row, int output) {
    return values[row * outputs + output];
  }

  /** The class that a row's numbers speak for: the first of the greatest; of one, 1 from 0.5 on. */
  public int bestClass(int row) {
    if (outputs == 1) {
      return at(row, 0) >= 0.5f ? 1 : 0;
    }
    int best = 0;
    for (int i = 1; i < outputs; i++) {
      best = at(row, i) > at(row, best) ? i : best;
    }
    return best;
  }

  /** The numbers of a row, for a message. */
  public String text(int row) {
    return Arrays.toString(Arrays.copyOfRange(values, row * outputs, (row + 1) * outputs));
  }
}
