package io.millrace.serving.models;

import io.millrace.core.models.RowEncoder;
import io.millrace.core.serving.ModelSchema.Input;
import io.millrace.core.serving.ModelSchema.Kind;
import io.millrace.serving.http.Problem;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The rows of one request, one behind the other, as they are filled. Not thread-safe. */
public final class Rows {
  private final RowEncoder encoder;
  private final int width;
  private final boolean[] named;
  private final boolean[] given;
  private final Map<Integer, List<String>> missing = new TreeMap<>();
  private float[] values;
  private int count;

  public Rows(RowEncoder encoder) {
    this.encoder = encoder;
    this.width = encoder.width();
    this.named = new boolean[width];
    this.given = new boolean[width];
    this.values = new float[width];
  }

  /** Begins the next row; one that was begun and not ended is forgotten. */
  public void begin() {
    missing.remove(count);
    int start = count * width;
    if (start + width > values.length) {
      values = Arrays.copyOf(values, Math.max(values.length * 2, start + width));
    }
    Arrays.fill(named, false);
    Arrays.fill(given, false);
  }

  /**
   * Sets an input to a number.
   *
   * @throws Problem 422 if it is no finite number of 32 bits, or was set before
   */
  public void number(int input, double value, String path) {
    float narrowed = (float) value;
    if (Float.isNaN(narrowed) || Float.isInfinite(narrowed)) {
      throw Problem.invalid(at(path, input), "must be a number of at most 3.4e38, but is " + value);
    }
    set(input, narrowed, path);
  }

  /** Sets a category to the code of its text. */
  public void category(int input, String value, String path) {
    set(input, encoder.code(input, value), path);
  }

  /** Says that an input is named and has no value. */
  public void nothing(int input, String path) {
    if (named[input]) {
      throw Problem.invalid(at(path, input), "is given twice");
    }
    named[input] = true;
  }

  private void set(int input, float value, String path) {
    nothing(input, path);
    given[input] = true;
    values[count * width + input] = value;
  }

  /**
   * Ends the row: what was not given is treated as the model's schema says.
   *
   * @throws Problem 422 naming an input that must be given and was not
   */
  public void end(String path) {
    for (int i = 0; i < width; i++) {
      if (!given[i]) {
        leaveOut(encoder.input(i), i, path);
      }
    }
    count++;
  }

  private void leaveOut(Input input, int index, String path) {
    values[count * width + index] =
        switch (input.missing()) {
          case REJECT -> throw Problem.invalid(at(path, index), "is required");
          case DEFAULT -> input.defaultValue();
          case NAN -> Float.NaN;
        };
    missing.computeIfAbsent(count, row -> new ArrayList<>()).add(input.name());
  }

  private String at(String path, int input) {
    return path + "." + encoder.input(input).name();
  }

  /** Whether an input is a category. */
  public boolean isCategory(int input) {
    return encoder.input(input).kind() == Kind.CATEGORY;
  }

  /** What the rows are coded with. */
  public RowEncoder encoder() {
    return encoder;
  }

  /** The number of whole rows. */
  public int count() {
    return count;
  }

  /** One number of a row. */
  public float at(int row, int input) {
    return values[row * width + input];
  }

  /** The rows' numbers; what lies behind {@link #count} rows means nothing. */
  float[] values() {
    return values;
  }

  /** The inputs that were not given, by row; rows without any are not in it. */
  public Map<Integer, List<String>> missing() {
    return missing;
  }
}
