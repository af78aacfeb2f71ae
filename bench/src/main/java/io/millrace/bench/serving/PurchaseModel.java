package io.millrace.bench.serving;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.millrace.core.features.PurchaseFeatures;
import io.millrace.core.serving.GoldenBatch;
import io.millrace.core.serving.ModelSchema;
import io.millrace.core.serving.ModelSchema.Input;
import io.millrace.core.serving.Scorer;
import io.millrace.core.training.CategoryMappings;
import io.millrace.core.training.OrdinalEncoding;
import io.millrace.serving.models.VersionFiles;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import ml.dmlc.xgboost4j.java.Booster;
import ml.dmlc.xgboost4j.java.DMatrix;
import ml.dmlc.xgboost4j.java.XGBoost;
import ml.dmlc.xgboost4j.java.XGBoostError;
import org.jspecify.annotations.Nullable;

/**
 * A model of purchase features, whose labels are made up: it is scored for its time alone.
 *
 * @param mappings codes of the categories
 * @param ubj XGBoost's own format
 * @param golden what the library predicts for the first rows, as {@link GoldenBatch} writes it
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record PurchaseModel(CategoryMappings mappings, byte[] ubj, String golden) {
  private static final ModelSchema SCHEMA =
      new ModelSchema(
          List.of(
              Input.category("brand"),
              Input.number("price"),
              Input.number("event_weekday"),
              Input.category("category_code_level1"),
              Input.category("category_code_level2"),
              Input.number("activity_count")),
          List.of());

  /** Trains so many trees of depth 6. */
  static PurchaseModel train(List<PurchaseFeatures> rows, int trees)
      throws XGBoostError, IOException {
    CategoryMappings mappings =
        new CategoryMappings(
            Map.of(
                "brand", encoding(rows, PurchaseFeatures::brand),
                "category_code_level1", encoding(rows, PurchaseFeatures::categoryCodeLevel1),
                "category_code_level2", encoding(rows, PurchaseFeatures::categoryCodeLevel2)));
    int width = SCHEMA.inputs().size();
    float[] values = new float[rows.size() * width];
    float[] labels = new float[rows.size()];
    for (int i = 0; i < labels.length; i++) {
      PurchaseFeatures row = rows.get(i);
      int at = i * width;
      values[at] = mappings.code("brand", row.brand());
      values[at + 1] = (float) row.price();
      values[at + 2] = row.eventWeekday();
      values[at + 3] = mappings.code("category_code_level1", row.categoryCodeLevel1());
      values[at + 4] = mappings.code("category_code_level2", row.categoryCodeLevel2());
      values[at + 5] = row.activityCount();
      labels[i] = (row.price() * row.activityCount() + i % 97) % 50 > 20 ? 1 : 0;
    }
    DMatrix matrix = new DMatrix(values, rows.size(), width, Float.NaN);
    matrix.setLabel(labels);
    Map<String, Object> params = Map.of("objective", "binary:logistic", "max_depth", 6, "seed", 7);
    Booster booster = XGBoost.train(matrix, params, trees, Map.of(), null, null);
    return new PurchaseModel(mappings, booster.toByteArray("ubj"), golden(rows, booster, matrix));
  }

  private static String golden(List<PurchaseFeatures> rows, Booster booster, DMatrix matrix)
      throws XGBoostError {
    float[][] all = booster.predict(matrix);
    float[] predictions = new float[GoldenBatch.ROWS];
    for (int i = 0; i < predictions.length; i++) {
      predictions[i] = all[i][0];
    }
    return GoldenBatch.toJson(
        rows.subList(0, predictions.length).stream().map(PurchaseModel::instance).toList(),
        predictions);
  }

  /** The row as the body of a request has it. */
  static Map<String, @Nullable Object> instance(PurchaseFeatures row) {
    Map<String, @Nullable Object> instance = new LinkedHashMap<>();
    instance.put("brand", row.brand());
    instance.put("price", row.price());
    instance.put("event_weekday", row.eventWeekday());
    instance.put("category_code_level1", row.categoryCodeLevel1());
    instance.put("category_code_level2", row.categoryCodeLevel2());
    instance.put("activity_count", row.activityCount());
    return instance;
  }

  private static OrdinalEncoding encoding(
      List<PurchaseFeatures> rows, Function<PurchaseFeatures, @Nullable String> value) {
    List<@Nullable String> values = new ArrayList<>();
    rows.forEach(row -> values.add(value.apply(row)));
    return OrdinalEncoding.fit(values);
  }

  /** What a server loads. */
  VersionFiles files() {
    return new VersionFiles(SCHEMA, mappings, Scorer.read(ubj), golden);
  }

  /** What is registered, by file. */
  Map<String, byte[]> artifacts() {
    return Map.of(
        "model.ubj",
        ubj,
        GoldenBatch.FILE_NAME,
        golden.getBytes(UTF_8),
        ModelSchema.FILE_NAME,
        SCHEMA.toJson().getBytes(UTF_8),
        CategoryMappings.FILE_NAME,
        mappings.toJson().getBytes(UTF_8));
  }
}
