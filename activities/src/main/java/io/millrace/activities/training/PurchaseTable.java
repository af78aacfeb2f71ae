package io.millrace.activities.training;

import io.millrace.core.training.BaselineStatistics;
import io.millrace.core.training.CategoryMappings;
import io.millrace.core.training.ModelInputs;
import io.millrace.core.training.TemporalSplit;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The rows of a purchase data set in memory, in the order of the file. */
final class PurchaseTable {
  /** One row: the first cart event of a product in a session, and whether it was bought. */
  record Row(
      String session,
      long productId,
      Instant time,
      @Nullable String brand,
      double price,
      int weekday,
      @Nullable String level1,
      @Nullable String level2,
      long activityCount,
      boolean purchased) {}

  private final List<Row> rows;

  PurchaseTable(List<Row> rows) {
    this.rows = rows;
  }

  int size() {
    return rows.size();
  }

  Row row(int index) {
    return rows.get(index);
  }

  TemporalSplit split(double validationShare, double testShare) {
    return TemporalSplit.of(sessions(), times(), validationShare, testShare);
  }

  /** Those of some rows whose session began at this time or later. */
  int[] begunSince(Instant from, int[] indices) {
    long[] starts = TemporalSplit.sessionStarts(sessions(), times());
    long since = from.toEpochMilli();
    return Arrays.stream(indices).filter(index -> starts[index] >= since).toArray();
  }

  private String[] sessions() {
    return rows.stream().map(Row::session).toArray(String[]::new);
  }

  private long[] times() {
    return rows.stream().mapToLong(row -> row.time().toEpochMilli()).toArray();
  }

  /** The sessions of some rows. */
  String[] sessions(int[] indices) {
    return Arrays.stream(indices)
        .mapToObj(index -> rows.get(index).session())
        .toArray(String[]::new);
  }

  CategoryMappings fitMappings(int[] indices) {
    List<@Nullable String> brands = new ArrayList<>(indices.length);
    List<@Nullable String> level1 = new ArrayList<>(indices.length);
    List<@Nullable String> level2 = new ArrayList<>(indices.length);
    for (int index : indices) {
      brands.add(rows.get(index).brand());
      level1.add(rows.get(index).level1());
      level2.add(rows.get(index).level2());
    }
    return ModelInputs.fit(brands, level1, level2);
  }

  /** Row-major, {@link ModelInputs#NAMES} wide. */
  float[] features(int[] indices, CategoryMappings mappings) {
    ModelInputs inputs = new ModelInputs(mappings);
    int width = ModelInputs.NAMES.size();
    float[] out = new float[indices.length * width];
    for (int i = 0; i < indices.length; i++) {
      Row row = rows.get(indices[i]);
      inputs.encode(
          row.brand(),
          row.price(),
          row.weekday(),
          row.level1(),
          row.level2(),
          row.activityCount(),
          out,
          i * width);
    }
    return out;
  }

  /** Rows as a client of the model would send them. */
  List<Map<String, @Nullable Object>> instances(int[] indices) {
    List<Map<String, @Nullable Object>> instances = new ArrayList<>(indices.length);
    for (int index : indices) {
      Row row = rows.get(index);
      Map<String, @Nullable Object> instance = new LinkedHashMap<>();
      instance.put("brand", row.brand());
      instance.put("price", row.price());
      instance.put("event_weekday", row.weekday());
      instance.put("category_code_level1", row.level1());
      instance.put("category_code_level2", row.level2());
      instance.put("activity_count", row.activityCount());
      instances.add(instance);
    }
    return instances;
  }

  float[] labels(int[] indices) {
    float[] labels = new float[indices.length];
    for (int i = 0; i < indices.length; i++) {
      labels[i] = rows.get(indices[i]).purchased() ? 1 : 0;
    }
    return labels;
  }

  long positives(int[] indices) {
    return Arrays.stream(indices).filter(index -> rows.get(index).purchased()).count();
  }

  /** Baselines of the six features and of the label. */
  BaselineStatistics statistics(int[] indices) {
    List<Row> chosen = Arrays.stream(indices).mapToObj(rows::get).toList();
    Map<String, BaselineStatistics.Numeric> numeric = new LinkedHashMap<>();
    numeric.put(
        "price", BaselineStatistics.numeric(chosen.stream().mapToDouble(Row::price).toArray()));
    numeric.put(
        "activity_count",
        BaselineStatistics.numeric(chosen.stream().mapToDouble(Row::activityCount).toArray()));
    Map<String, BaselineStatistics.Categorical> categorical = new LinkedHashMap<>();
    categorical.put("brand", distribution(chosen, Row::brand));
    categorical.put("event_weekday", distribution(chosen, row -> Integer.toString(row.weekday())));
    categorical.put("category_code_level1", distribution(chosen, Row::level1));
    categorical.put("category_code_level2", distribution(chosen, Row::level2));
    categorical.put("is_purchased", distribution(chosen, row -> row.purchased() ? "1" : "0"));
    return new BaselineStatistics(chosen.size(), numeric, categorical);
  }

  private static BaselineStatistics.Categorical distribution(
      List<Row> rows, Function<Row, @Nullable String> value) {
    List<@Nullable String> values = new ArrayList<>(rows.size());
    rows.forEach(row -> values.add(value.apply(row)));
    return BaselineStatistics.categorical(values);
  }
}
