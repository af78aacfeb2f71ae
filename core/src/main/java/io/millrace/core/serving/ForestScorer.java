package io.millrace.core.serving;

/**
 * Scores rows with a gradient-boosted forest in pure Java.
 *
 * <p>One row through JNI costs over 100 µs, most of it in building a matrix; walking the trees
 * costs a few. See {@link Scorer} for what is guaranteed.
 */
public final class ForestScorer implements Scorer {

  private final Shape shape;
  private final ModelDescription description;
  private final Forest forest;

  ForestScorer(Shape shape, ModelDescription description, Forest forest) {
    this.shape = shape;
    this.description = description;
    this.forest = forest;
  }

  /**
   * Reads a model of trees; {@link Scorer#read} also reads linear ones.
   *
   * @param model the bytes of the model file, JSON or UBJSON
   * @throws UnsupportedModelException if {@link Scorer#read} refuses it, or it is a linear model
   */
  public static ForestScorer ofXgboostJson(byte[] model) {
    if (Scorer.read(model) instanceof ForestScorer forest) {
      return forest;
    }
    throw new UnsupportedModelException(
        "Booster 'gblinear' is a linear model, not a forest; read it with Scorer.read");
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

  /** The number of trees. */
  public int trees() {
    return forest.trees();
  }

  @Override
  public float score(float[] row) {
    shape.checkRow(row);
    if (shape.groups() == 1) {
      return shape.objective().predict(forest.sum(shape.margins()[0], 0, row, 0));
    }
    float[] out = new float[1];
    scoreInto(row, 0, 1, out);
    return out[0];
  }

  @Override
  public void scoreInto(float[] rows, int first, int count, float[] out) {
    shape.checkRows(rows, first, count, out);
    shape.predict(
        first,
        count,
        out,
        (sums, to) -> {
          shape.start(sums, to, count);
          forest.add(rows, shape.features(), first, first + count, sums, to);
        });
  }
}
