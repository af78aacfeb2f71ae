package io.millrace.activities.training;

import io.millrace.core.training.CategoryMappings;
import java.util.List;
import ml.dmlc.xgboost4j.java.Booster;

/**
 * A version's trees with the names of its features and its own category mappings.
 *
 * @param ubj XGBoost's binary format
 * @param features their names, in the order of the rows
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record TrainedModel(byte[] ubj, List<String> features, CategoryMappings mappings) {

  /** Scores rows, coded by this model's own mappings. */
  float[] scores(TrainingTable table, int[] rows) {
    return predict(table.features(rows, mappings), rows.length);
  }

  /**
   * Scores coded rows.
   *
   * @param coded row-major, in the order of the features
   * @return probabilities of the positive label
   */
  public float[] predict(float[] coded, int rows) {
    return XgboostError.translate(
        "score " + rows + " rows",
        () -> {
          Booster booster = ResumableBooster.load(ubj);
          try (Matrix matrix = Matrix.of(coded, new float[rows], features.toArray(String[]::new))) {
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
