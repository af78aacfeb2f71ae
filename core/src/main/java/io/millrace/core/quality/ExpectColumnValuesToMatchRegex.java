package io.millrace.core.quality;

import java.util.Map;

/**
 * Somewhere in every value of the column, the regular expression matches.
 *
 * @param regex in a dialect that the database that measures it knows
 */
public record ExpectColumnValuesToMatchRegex(String column, String regex, double mostly)
    implements ColumnExpectation {

  /**
   * Checks the share.
   *
   * @throws IllegalArgumentException if mostly is not above 0 and at most 1
   */
  public ExpectColumnValuesToMatchRegex {
    Kwargs.checkMostly(mostly);
  }

  /** Allows no exception. */
  public ExpectColumnValuesToMatchRegex(String column, String regex) {
    this(column, regex, 1);
  }

  @Override
  public String type() {
    return "expect_column_values_to_match_regex";
  }

  @Override
  public Map<String, Object> kwargs() {
    return Kwargs.of("column", column).and("regex", regex).and("mostly", mostly).toMap();
  }
}
