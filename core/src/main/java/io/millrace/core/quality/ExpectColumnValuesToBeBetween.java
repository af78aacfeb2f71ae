package io.millrace.core.quality;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Every value of the column is at least the minimum and at most the maximum.
 *
 * @param minValue least value, or null for no lower bound
 * @param maxValue largest value, or null for no upper bound
 * @param strictMin whether the minimum itself is too small
 * @param strictMax whether the maximum itself is too large
 */
public record ExpectColumnValuesToBeBetween(
    String column,
    @Nullable Double minValue,
    @Nullable Double maxValue,
    boolean strictMin,
    boolean strictMax,
    double mostly)
    implements ColumnExpectation {

  /**
   * Checks the bounds.
   *
   * @throws IllegalArgumentException if there is no bound, if the minimum is above the maximum, or
   *     if mostly is not above 0 and at most 1
   */
  public ExpectColumnValuesToBeBetween {
    if (minValue == null && maxValue == null) {
      throw new IllegalArgumentException("Values of " + column + " need a minimum or a maximum");
    }
    if (minValue != null && maxValue != null && minValue > maxValue) {
      throw new IllegalArgumentException(
          "Values of " + column + " cannot be between " + minValue + " and " + maxValue);
    }
    Kwargs.checkMostly(mostly);
  }

  /** Includes both bounds and allows no exception. */
  public ExpectColumnValuesToBeBetween(String column, double minValue, double maxValue) {
    this(column, minValue, maxValue, false, false, 1);
  }

  /** The values are above a bound, which is itself too small; no exception. */
  public static ExpectColumnValuesToBeBetween above(String column, double bound) {
    return new ExpectColumnValuesToBeBetween(column, bound, null, true, false, 1);
  }

  @Override
  public String type() {
    return "expect_column_values_to_be_between";
  }

  @Override
  public Map<String, Object> kwargs() {
    return Kwargs.of("column", column)
        .and("min_value", minValue)
        .and("max_value", maxValue)
        .and("strict_min", strictMin ? true : null)
        .and("strict_max", strictMax ? true : null)
        .and("mostly", mostly)
        .toMap();
  }
}
