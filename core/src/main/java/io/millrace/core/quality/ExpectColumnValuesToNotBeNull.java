package io.millrace.core.quality;

import java.util.Map;

/** The column is not null. */
public record ExpectColumnValuesToNotBeNull(String column, double mostly)
    implements ColumnExpectation {

  /**
   * Checks the share.
   *
   * @throws IllegalArgumentException if mostly is not above 0 and at most 1
   */
  public ExpectColumnValuesToNotBeNull {
    Kwargs.checkMostly(mostly);
  }

  /** Allows no exception. */
  public ExpectColumnValuesToNotBeNull(String column) {
    this(column, 1);
  }

  @Override
  public String type() {
    return "expect_column_values_to_not_be_null";
  }

  @Override
  public Map<String, Object> kwargs() {
    return Kwargs.of("column", column).and("mostly", mostly).toMap();
  }
}
