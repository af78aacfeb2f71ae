package io.millrace.core.quality;

import java.util.Map;

/**
 * The table has at least and at most so many rows.
 *
 * @param minValue least number of rows
 * @param maxValue largest number of rows
 */
public record ExpectTableRowCountToBeBetween(long minValue, long maxValue)
    implements TableExpectation {

  /**
   * Checks the bounds.
   *
   * @throws IllegalArgumentException if the least number is negative or above the largest
   */
  public ExpectTableRowCountToBeBetween {
    if (minValue < 0 || minValue > maxValue) {
      throw new IllegalArgumentException(
          "A row count cannot be between " + minValue + " and " + maxValue);
    }
  }

  @Override
  public String type() {
    return "expect_table_row_count_to_be_between";
  }

  @Override
  public Map<String, Object> kwargs() {
    return Kwargs.of("min_value", minValue).and("max_value", maxValue).toMap();
  }

  @Override
  public ExpectationResult evaluate(String table, long rowCount) {
    boolean success = rowCount >= minValue && rowCount <= maxValue;
    String message =
        "%s %s on %s: %d rows, expected %d to %d"
            .formatted(type(), success ? "holds" : "failed", table, rowCount, minValue, maxValue);
    return new ExpectationResult(
        success, this, table, new ExpectationResult.Value(rowCount), message);
  }
}
