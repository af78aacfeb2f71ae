package io.millrace.core.quality;

import java.util.List;
import java.util.Map;

/** Every value of the column is one of a set. */
public record ExpectColumnValuesToBeInSet(String column, List<?> valueSet, double mostly)
    implements ColumnExpectation {

  /**
   * Copies the set.
   *
   * @throws IllegalArgumentException if mostly is not above 0 and at most 1
   */
  public ExpectColumnValuesToBeInSet {
    valueSet = List.copyOf(valueSet);
    Kwargs.checkMostly(mostly);
  }

  /** Allows no exception. */
  public ExpectColumnValuesToBeInSet(String column, List<?> valueSet) {
    this(column, valueSet, 1);
  }

  @Override
  public String type() {
    return "expect_column_values_to_be_in_set";
  }

  @Override
  public Map<String, Object> kwargs() {
    return Kwargs.of("column", column).and("value_set", valueSet).and("mostly", mostly).toMap();
  }
}
