package io.millrace.core.quality;

import java.util.Map;

/**
 * A rule that a table must keep, named and parameterised as in Great Expectations.
 *
 * <p>An expectation does no I/O: the caller measures with whatever SQL suits its database, and the
 * expectation judges the counts. Judging is pure, and the same counts always give the same result.
 */
public sealed interface Expectation
    permits TableExpectation, ColumnExpectation, AggregateExpectation {

  /**
   * The rule's name in Great Expectations, for example {@code expect_column_values_to_be_unique}.
   */
  String type();

  /** The rule's parameters under Great Expectations' names, in its order; none is null. */
  Map<String, Object> kwargs();
}
