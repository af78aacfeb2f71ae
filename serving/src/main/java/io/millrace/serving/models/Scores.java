package io.millrace.serving.models;

import io.millrace.core.serving.Output;
import java.util.Arrays;

/**
 * What a version gives for some rows: one number a row, or several.
 *
 * <p>JSON has no number that is infinite or NaN: a row whose scores are not all finite is an error
 * of that row, and never an answer or a record.
 */
public final class Scores {
  private final float[] values;
  private final int outputs;
  private final Output kind;

  /** Takes the numbers of the rows, one row behind the other. */
  Scores(float[] values, int outputs, Output kind) {
    this.values = values;
    this.outputs = outputs;
    this.kind = kind;
  }

  /** Numbers a row. */
  public int outputs() {
    return outputs;
  }

  /** What the numbers are. */
  public Output kind() {
    return kind;
  }

  /** One number of a row. */
  public float at(int row, int output) {
    return values[row * outputs + output];
  }

  /** Whether all numbers of a row are finite. */
  public boolean isFinite(int row) {
    for (int i = 0; i < outputs; i++) {
      if (!Float.isFinite(at(row, i))) {
        return false;
      }
    }
    return true;
  }

  /** How many of the first rows have a number that is not finite. */
  public int notFinite(int rows) {
    int count = 0;
    for (int row = 0; row < rows; row++) {
      count += isFinite(row) ? 0 : 1;
    }
    return count;
  }

  /**
   * The class that a row's numbers speak for, as XGBoost's scikit-learn wrapper predicts it: the
   * first of the greatest probabilities; of one probability, 1 above 0.5.
   */
  public int bestClass(int row) {
    if (kind == Output.CLASS) {
      return (int) at(row, 0);
    }
    if (outputs == 1) {
      return at(row, 0) > 0.5f ? 1 : 0;
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
