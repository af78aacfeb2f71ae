package io.millrace.core.quality;

import java.util.Map;

/**
 * The table has exactly as many rows as are known from elsewhere: a reconciliation.
 *
 * @param value the number of rows
 * @param source where the number comes from, for the message
 */
public record ExpectTableRowCountToEqual(long value, String source) implements TableExpectation {

  /**
   * Checks the number.
   *
   * @throws IllegalArgumentException if it is negative
   */
  public ExpectTableRowCountToEqual {
    if (value < 0) {
      throw new IllegalArgumentException("A table cannot have " + value + " rows");
    }
  }

  @Override
  public String type() {
    return "expect_table_row_count_to_equal";
  }

  @Override
  public Map<String, Object> kwargs() {
    return Kwargs.of("value", value).toMap();
  }

  @Override
  public ExpectationResult evaluate(String table, long rowCount) {
    boolean success = rowCount == value;
    String message =
        "%s %s on %s: %d rows, expected %d as in %s"
            .formatted(type(), success ? "holds" : "failed", table, rowCount, value, source);
    return new ExpectationResult(
        success, this, table, new ExpectationResult.Value(rowCount), message);
  }
}
