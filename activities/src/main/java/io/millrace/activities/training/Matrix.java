package io.millrace.activities.training;

import ml.dmlc.xgboost4j.java.DMatrix;

/** A labelled native matrix with named columns. */
public final class Matrix implements AutoCloseable {
  private final DMatrix data;
  private final int rows;

  private Matrix(DMatrix data, int rows) {
    this.data = data;
    this.rows = rows;
  }

  /**
   * Copies rows into native memory.
   *
   * @param features row-major, as many columns as there are names; NaN is missing
   * @param labels one a row
   */
  public static Matrix of(float[] features, float[] labels, String[] names) {
    return XgboostError.translate(
        "build a matrix of " + labels.length + " rows",
        () -> {
          DMatrix data = new DMatrix(features, labels.length, names.length, Float.NaN);
          data.setLabel(labels);
          data.setFeatureNames(names);
          return new Matrix(data, labels.length);
        });
  }

  /** How many rows it has. */
  public int rows() {
    return rows;
  }

  DMatrix data() {
    return data;
  }

  @Override
  public void close() {
    data.dispose();
  }
}
