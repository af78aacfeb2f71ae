package io.millrace.core.quality;

/** A rule about a table as a whole. It is checked against the table's row count. */
public sealed interface TableExpectation extends Expectation
    permits ExpectTableRowCountToBeBetween, ExpectTableRowCountToEqual {

  /** Checks the table. */
  ExpectationResult evaluate(String table, long rowCount);
}
