package io.millrace.activities.training;

import io.millrace.core.training.CategoryMappings;
import ml.dmlc.xgboost4j.java.Booster;

/**
 * A trained purchase model with its own category mappings.
 *
 * @param ubj XGBoost's binary format
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record PurchaseModel(byte[] ubj, CategoryMappings mappings) {

  /** Scores rows, coded by this model's own mappings. */
  float[] scores(PurchaseTable table, int[] rows) {
    return predict(table.features(rows, mappings), rows.length);
  }

  /**
   * Scores coded rows.
   *
   * @param features row-major, in {@link io.millrace.core.training.ModelInputs#NAMES} order
   * @return probabilities of a purchase
   */
  public float[] predict(float[] features, int rows) {
    return XgboostError.translate(
        "score " + rows + " rows",
        () -> {
          Booster booster = ResumableBooster.load(ubj);
          try (Matrix matrix = Matrix.of(features, new float[rows], PurchaseDatasets.names())) {
            booster.setParam("nthread", 1);
            float[][] scores = booster.predict(matrix.data());
            float[] out = new float[rows];
            for (int i = 0; i < rows; i++) {
              out[i] = scores[i][0];
            }
            return out;
          } finally {
            booster.dispose();
          }
        });
  }
}
