package io.millrace.core.quality;

/**
 * A rule about the values of a column. It is judged from a {@link ColumnMeasure}.
 *
 * <p>As in Great Expectations, nulls are left aside (only {@link ExpectColumnValuesToNotBeNull}
 * counts them), a column without values keeps every rule, and {@code mostly} is the least share of
 * the values that must keep it.
 */
public sealed interface ColumnExpectation extends Expectation
    permits ExpectColumnValuesToNotBeNull,
        ExpectColumnValuesToBeInSet,
        ExpectColumnValuesToBeBetween,
        ExpectColumnValuesToBeUnique,
        ExpectColumnValuesToMatchRegex,
        ExpectColumnValuesToExistInTable {

  /** The column that the rule is about. */
  String column();

  /** The least share of values that must keep the rule, above 0 and at most 1. */
  double mostly();

  /** Judges the column of a table. */
  default ExpectationResult evaluate(String table, ColumnMeasure measure) {
    return ColumnCheck.check(this, table, measure);
  }
}
