package io.millrace.core.serving;

/**
 * Scores rows with a linear model ({@code gblinear}) in pure Java; a missing value adds nothing, as
 * in XGBoost. See {@link Scorer} for what is guaranteed.
 */
public final class LinearScorer implements Scorer {

  private final Shape shape;
  private final ModelDescription description;

  /** By feature, then group; the biases last. */
  private final float[] weights;

  LinearScorer(Shape shape, ModelDescription description, float[] weights) {
    if (weights.length != (shape.features() + 1L) * shape.groups()) {
      throw new UnsupportedModelException(
          "Damaged or untrained model: %d weights for %d features and a bias in %d groups"
              .formatted(weights.length, shape.features(), shape.groups()));
    }
    this.shape = shape;
    this.description = description;
    this.weights = weights;
  }

  @Override
  public int features() {
    return shape.features();
  }

  @Override
  public int outputs() {
    return shape.outputs();
  }

  @Override
  public String objective() {
    return shape.objective().name();
  }

  @Override
  public ModelDescription description() {
    return description;
  }

  @Override
  public float score(float[] row) {
    shape.checkRow(row);
    if (shape.groups() == 1) {
      return shape.objective().predict(sum(row, 0, 0));
    }
    float[] out = new float[1];
    scoreInto(row, 0, 1, out);
    return out[0];
  }

  @Override
  public void scoreInto(float[] rows, int first, int count, float[] out) {
    shape.checkRows(rows, first, count, out);
    int groups = shape.groups();
    shape.predict(
        first,
        count,
        out,
        (sums, to) -> {
          for (int i = 0; i < count * groups; i++) {
            sums[to + i] = sum(rows, (first + i / groups) * shape.features(), i % groups);
          }
        });
  }

  private float sum(float[] rows, int from, int group) {
    int groups = shape.groups();
    int features = shape.features();
    // XGBoost adds the first base score to every class, also where 3.1 and later store one a class.
    float sum = weights[features * groups + group] + shape.margins()[0];
    for (int feature = 0; feature < features; feature++) {
      float value = rows[from + feature];
      if (!Float.isNaN(value)) {
        sum += value * weights[feature * groups + group];
      }
    }
    return sum;
  }
}
