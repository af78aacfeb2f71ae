package io.millrace.core.quality;

/** A rule about a table as a whole. It is judged from the table's row count. */
public sealed interface TableExpectation extends Expectation
    permits ExpectTableRowCountToBeBetween {

  /** Judges the table. */
  ExpectationResult evaluate(String table, long rowCount);
}
