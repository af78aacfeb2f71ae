package io.millrace.core.quality;

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
  public sealed interface Observed permits RowCount, ColumnMap {}

  /** The number of rows: {@code observed_value}. */
  public record RowCount(long rows) implements Observed {}

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
