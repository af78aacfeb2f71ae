package io.millrace.core.quality;

import java.util.Map;

/** No value of the column stands in two rows. */
public record ExpectColumnValuesToBeUnique(String column, double mostly)
    implements ColumnExpectation {

  /**
   * Checks the share.
   *
   * @throws IllegalArgumentException if mostly is not above 0 and at most 1
   */
  public ExpectColumnValuesToBeUnique {
    Kwargs.checkMostly(mostly);
  }

  /** Allows no exception. */
  public ExpectColumnValuesToBeUnique(String column) {
    this(column, 1);
  }

  @Override
  public String type() {
    return "expect_column_values_to_be_unique";
  }

  @Override
  public Map<String, Object> kwargs() {
    return Kwargs.of("column", column).and("mostly", mostly).toMap();
  }
}
