package io.millrace.core.training;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What each feature looked like when the model was trained: what live traffic is compared with. Its
 * JSON is the version's artifact {@value #FILE_NAME}.
 *
 * @param rows how many rows were summarised
 * @param numeric by feature
 * @param categorical by feature
 */
public record BaselineStatistics(
    long rows, Map<String, Numeric> numeric, Map<String, Categorical> categorical) {
  /** The name of the artifact. */
  public static final String FILE_NAME = "baseline_statistics.json";

  /** How many values of a categorical feature are listed by name; the rest are "other". */
  public static final int TOP_VALUES = 100;

  private static final int DECILES = 10;

  /**
   * A numeric feature.
   *
   * @param missing rows without a value (not a number)
   * @param deciles 11 values from the minimum to the maximum, linearly interpolated as NumPy does
   * @param edges the distinct inner deciles, ascending; bin i holds values above edge i-1 and up to
   *     edge i, the last bin what is above all
   * @param counts rows a bin, one more than there are edges
   */
  public record Numeric(
      long missing,
      double mean,
      double standardDeviation,
      List<Double> deciles,
      List<Double> edges,
      List<Long> counts) {}

  /**
   * A categorical feature.
   *
   * @param missing rows with null
   * @param counts rows a value, most frequent first, at most {@value #TOP_VALUES}
   * @param other rows of all values not listed
   * @param distinct how many values there are
   */
  public record Categorical(long missing, Map<String, Long> counts, long other, int distinct) {}

  public BaselineStatistics {
    numeric = Collections.unmodifiableMap(new LinkedHashMap<>(numeric));
    categorical = Collections.unmodifiableMap(new LinkedHashMap<>(categorical));
  }

  /** Summarises a numeric feature; NaN is missing. */
  public static Numeric numeric(double[] values) {
    double[] sorted =
        Arrays.stream(values).filter(value -> !Double.isNaN(value)).sorted().toArray();
    long missing = (long) values.length - sorted.length;
    if (sorted.length == 0) {
      return new Numeric(missing, 0, 0, List.of(), List.of(), List.of(0L));
    }
    double mean = Arrays.stream(sorted).sum() / sorted.length;
    double squares = Arrays.stream(sorted).map(value -> (value - mean) * (value - mean)).sum();
    List<Double> deciles = new ArrayList<>();
    for (int i = 0; i <= DECILES; i++) {
      deciles.add(quantile(sorted, (double) i / DECILES));
    }
    List<Double> edges = deciles.subList(1, DECILES).stream().distinct().toList();
    long[] counts = new long[edges.size() + 1];
    int bin = 0;
    for (double value : sorted) {
      while (bin < edges.size() && value > edges.get(bin)) {
        bin++;
      }
      counts[bin]++;
    }
    return new Numeric(
        missing,
        mean,
        Math.sqrt(squares / sorted.length),
        List.copyOf(deciles),
        edges,
        Arrays.stream(counts).boxed().toList());
  }

  /** Summarises a categorical feature; null is missing. */
  public static Categorical categorical(Iterable<? extends @Nullable String> values) {
    Map<String, Long> all = new HashMap<>();
    long missing = 0;
    for (String value : values) {
      if (value == null) {
        missing++;
      } else {
        all.merge(value, 1L, Long::sum);
      }
    }
    Map<String, Long> top = new LinkedHashMap<>();
    all.entrySet().stream()
        .sorted(
            Map.Entry.<String, Long>comparingByValue(Comparator.reverseOrder())
                .thenComparing(Map.Entry.comparingByKey()))
        .limit(TOP_VALUES)
        .forEach(entry -> top.put(entry.getKey(), entry.getValue()));
    long listed = top.values().stream().mapToLong(Long::longValue).sum();
    long present = all.values().stream().mapToLong(Long::longValue).sum();
    return new Categorical(missing, Collections.unmodifiableMap(top), present - listed, all.size());
  }

  /** The statistics as one JSON object. */
  public String toJson() {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = new JsonFactory().createGenerator(text)) {
      json.writeStartObject();
      json.writeNumberField("rows", rows);
      json.writeObjectFieldStart("numeric");
      for (Map.Entry<String, Numeric> feature : numeric.entrySet()) {
        json.writeFieldName(feature.getKey());
        write(json, feature.getValue());
      }
      json.writeEndObject();
      json.writeObjectFieldStart("categorical");
      for (Map.Entry<String, Categorical> feature : categorical.entrySet()) {
        json.writeFieldName(feature.getKey());
        write(json, feature.getValue());
      }
      json.writeEndObject();
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return text.toString();
  }

  private static void write(JsonGenerator json, Numeric numeric) throws IOException {
    json.writeStartObject();
    json.writeNumberField("missing", numeric.missing());
    json.writeNumberField("mean", numeric.mean());
    json.writeNumberField("standard_deviation", numeric.standardDeviation());
    json.writeFieldName("deciles");
    json.writeArray(toArray(numeric.deciles()), 0, numeric.deciles().size());
    json.writeFieldName("edges");
    json.writeArray(toArray(numeric.edges()), 0, numeric.edges().size());
    json.writeArrayFieldStart("counts");
    for (long count : numeric.counts()) {
      json.writeNumber(count);
    }
    json.writeEndArray();
    json.writeEndObject();
  }

  private static void write(JsonGenerator json, Categorical categorical) throws IOException {
    json.writeStartObject();
    json.writeNumberField("missing", categorical.missing());
    json.writeNumberField("distinct", categorical.distinct());
    json.writeNumberField("other", categorical.other());
    json.writeObjectFieldStart("counts");
    for (Map.Entry<String, Long> value : categorical.counts().entrySet()) {
      json.writeNumberField(value.getKey(), value.getValue());
    }
    json.writeEndObject();
    json.writeEndObject();
  }

  private static double[] toArray(List<Double> values) {
    return values.stream().mapToDouble(Double::doubleValue).toArray();
  }

  private static double quantile(double[] sorted, double share) {
    double position = share * (sorted.length - 1);
    int below = (int) Math.floor(position);
    int above = Math.min(below + 1, sorted.length - 1);
    return sorted[below] + (position - below) * (sorted[above] - sorted[below]);
  }
}
