package io.millrace.activities.training;

import io.millrace.core.models.Feature;
import io.millrace.core.models.Field;
import io.millrace.core.models.ModelDefinition;
import io.millrace.core.models.RowEncoder;
import io.millrace.core.training.BaselineStatistics;
import io.millrace.core.training.CategoryMappings;
import io.millrace.core.training.OrdinalEncoding;
import io.millrace.core.training.TemporalSplit;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** The rows of a training set in memory, in the order of the file. */
final class TrainingTable {
  private final ModelDefinition model;
  private final Map<String, Column> columns = new LinkedHashMap<>();
  private int size;

  /** An empty one. */
  TrainingTable(ModelDefinition model) {
    this.model = model;
    model.columns().forEach(field -> columns.put(field.name(), Column.of(field)));
  }

  /** Adds the values of one row to a column each. */
  @FunctionalInterface
  interface RowSource<E extends Exception> {
    void addTo(String name, Column column) throws E;
  }

  /** Adds a row. */
  <E extends Exception> void add(RowSource<E> row) throws E {
    for (Field field : model.columns()) {
      row.addTo(field.name(), column(field.name()));
    }
    size++;
  }

  ModelDefinition model() {
    return model;
  }

  int size() {
    return size;
  }

  Column column(String name) {
    return Objects.requireNonNull(columns.get(name), name);
  }

  /** A row as texts, in the order of the columns. */
  List<@Nullable String> row(int index) {
    List<@Nullable String> texts = new ArrayList<>(columns.size());
    columns.values().forEach(column -> texts.add(column.text(index)));
    return texts;
  }

  Instant time(int row) {
    return ((Column.Times) column(model.source().time())).time(row);
  }

  TemporalSplit split(double validationShare, double testShare) {
    return TemporalSplit.of(groups(all()), times(), validationShare, testShare);
  }

  /** Those of some rows whose group began at this time or later. */
  int[] begunSince(Instant from, int[] rows) {
    long[] starts = TemporalSplit.sessionStarts(groups(all()), times());
    long since = from.toEpochMilli();
    return Arrays.stream(rows).filter(row -> starts[row] >= since).toArray();
  }

  /** All row numbers. */
  int[] all() {
    return IntStream.range(0, size).toArray();
  }

  private long[] times() {
    return IntStream.range(0, size).mapToLong(row -> time(row).toEpochMilli()).toArray();
  }

  /** The groups of some rows. */
  String[] groups(int[] rows) {
    Column groups = column(model.source().group());
    return Arrays.stream(rows)
        .mapToObj(row -> String.valueOf(groups.text(row)))
        .toArray(String[]::new);
  }

  /** Codes for the values that some rows hold. */
  CategoryMappings fitMappings(int[] rows) {
    Map<String, OrdinalEncoding> encodings = new LinkedHashMap<>();
    for (Feature feature : model.features()) {
      if (feature.isCategory()) {
        encodings.put(
            feature.name(),
            feature.values().isEmpty()
                ? OrdinalEncoding.fit(texts(feature.name(), rows))
                : OrdinalEncoding.ofOrdered(feature.values()));
      }
    }
    return new CategoryMappings(encodings);
  }

  private List<@Nullable String> texts(String name, int[] rows) {
    Column column = column(name);
    List<@Nullable String> texts = new ArrayList<>(rows.length);
    for (int row : rows) {
      texts.add(column.text(row));
    }
    return texts;
  }

  private double[] numbers(String name, int[] rows) {
    Column column = column(name);
    return Arrays.stream(rows).mapToDouble(column::number).toArray();
  }

  /** Row-major, as wide as the model has features. */
  float[] features(int[] rows, CategoryMappings mappings) {
    RowEncoder encoder = new RowEncoder(model.schema(), mappings);
    int width = encoder.width();
    float[] out = new float[rows.length * width];
    for (int i = 0; i < width; i++) {
      Feature feature = model.features().get(i);
      Column column = column(feature.name());
      for (int at = 0; at < rows.length; at++) {
        out[at * width + i] =
            feature.isCategory()
                ? encoder.code(i, column.text(rows[at]))
                : (float) column.number(rows[at]);
      }
    }
    return out;
  }

  /** Rows as a client of the model would send them. */
  List<Map<String, @Nullable Object>> instances(int[] rows) {
    List<Map<String, @Nullable Object>> instances = new ArrayList<>(rows.length);
    for (int row : rows) {
      Map<String, @Nullable Object> instance = new LinkedHashMap<>();
      model.names().forEach(name -> instance.put(name, column(name).value(row)));
      instances.add(instance);
    }
    return instances;
  }

  float[] labels(int[] rows) {
    double[] numbers = numbers(model.label().column(), rows);
    float[] labels = new float[rows.length];
    for (int i = 0; i < rows.length; i++) {
      labels[i] = (float) numbers[i];
    }
    return labels;
  }

  long positives(int[] rows) {
    return Arrays.stream(numbers(model.label().column(), rows)).filter(label -> label == 1).count();
  }

  /** Baselines of the features and of the label. */
  BaselineStatistics statistics(int[] rows) {
    Map<String, BaselineStatistics.Numeric> numeric = new LinkedHashMap<>();
    Map<String, BaselineStatistics.Categorical> categorical = new LinkedHashMap<>();
    for (Feature feature : model.features()) {
      String name = feature.name();
      if (feature.isCategory()) {
        categorical.put(name, BaselineStatistics.categorical(texts(name, rows)));
      } else {
        numeric.put(name, BaselineStatistics.numeric(numbers(name, rows)));
      }
    }
    String label = model.label().column();
    categorical.put(label, BaselineStatistics.categorical(texts(label, rows)));
    return new BaselineStatistics(rows.length, numeric, categorical);
  }
}
