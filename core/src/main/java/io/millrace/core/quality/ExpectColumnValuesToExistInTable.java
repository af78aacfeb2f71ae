package io.millrace.core.quality;

import java.util.Map;

/**
 * Every value of the column stands in a column of another table: referential integrity. Great
 * Expectations' core has no such rule; the name follows its pattern.
 *
 * @param otherTable the table referred to
 * @param otherColumn its column
 */
public record ExpectColumnValuesToExistInTable(
    String column, String otherTable, String otherColumn, double mostly)
    implements ColumnExpectation {

  /**
   * Checks the share.
   *
   * @throws IllegalArgumentException if mostly is not above 0 and at most 1
   */
  public ExpectColumnValuesToExistInTable {
    Kwargs.checkMostly(mostly);
  }

  /** Allows no exception. */
  public ExpectColumnValuesToExistInTable(String column, String otherTable, String otherColumn) {
    this(column, otherTable, otherColumn, 1);
  }

  @Override
  public String type() {
    return "expect_column_values_to_exist_in_table";
  }

  @Override
  public Map<String, Object> kwargs() {
    return Kwargs.of("column", column)
        .and("other_table", otherTable)
        .and("other_column", otherColumn)
        .and("mostly", mostly)
        .toMap();
  }
}
