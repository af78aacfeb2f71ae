package io.millrace.core.quality;

/**
 * A rule about one figure of a whole column, such as its newest value. Each implementation takes
 * the figure that it needs.
 */
public sealed interface AggregateExpectation extends Expectation
    permits ExpectColumnMaxToBeBetween,
        ExpectColumnProportionOfUniqueValuesToBeBetween,
        ExpectColumnKlDivergenceToBeLessThan {

  /** The column that the rule is about. */
  String column();
}
