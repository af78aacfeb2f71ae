package io.millrace.core.quality;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The outcome of one expectation.
 *
 * @param success whether the rule holds
 * @param expectation the rule
 * @param table the table it was judged on
 * @param observed what was found
 * @param message one line that names rule, table, column, value and threshold
 */
public record ExpectationResult(
    boolean success, Expectation expectation, String table, Observed observed, String message) {

  /** What was found, in the shape of Great Expectations' {@code result}. */
  public sealed interface Observed permits Value, Distribution, ColumnMap {}

  /** One figure, {@code observed_value}; null if there was nothing to take it from. */
  public record Value(@Nullable Object value) implements Observed {}

  /**
   * How the values of a column are distributed.
   *
   * @param divergence {@code observed_value}; null without rows
   * @param shares {@code details.observed_partition}: the share of each value, 0 to 1
   * @param expected {@code details.expected_partition}: the share that was expected of it
   */
  public record Distribution(
      @Nullable Double divergence, Map<String, Double> shares, Map<String, Double> expected)
      implements Observed {
    /** Copies the shares. */
    public Distribution {
      shares = Collections.unmodifiableMap(new LinkedHashMap<>(shares));
      expected = Collections.unmodifiableMap(new LinkedHashMap<>(expected));
    }
  }

  /**
   * The counts of a column.
   *
   * @param measure what was counted
   * @param values the rows that were judged: those with a value, or all where nulls are the rule
   * @param countsNulls whether nulls are what the rule is about
   */
  public record ColumnMap(ColumnMeasure measure, long values, boolean countsNulls)
      implements Observed {}

  /** The result as Great Expectations prints it. */
  public String toJson() {
    return QualityJson.of(this);
  }
}
